import UpgradeCore
import UpgradeModel
import UpgradeWire

/// `GET /metrics` of an agent: the same as `GET /getStatus`, and counts of work, for Prometheus.
struct AgentMetrics {
    let health: NodeHealthDocument
    let counts: AgentMeter.Counts
    let counters: EngineCounters
    /// Seconds since the last good contact; nil when there was none.
    let contactAge: Double?

    var text: String {
        var text = PrometheusText()
        addNode(&text)
        addJobs(&text)
        addWork(&text)
        return text.text
    }

    private func addNode(_ text: inout PrometheusText) {
        let versions = Component.allCases.map { (name: $0.rawValue, value: health.versions[$0.rawValue] ?? "") }
        text.add("uplift_node_info", .gauge, "Always 1, with the versions that run.", [.init(1, versions)])
        text.add("uplift_uptime_seconds", .gauge, "Time since the agent started.", health.work.uptimeSeconds)
        text.add("uplift_heartbeat_age_seconds", .gauge, "Time since the hub last answered everything; absent before.", contactAge)
        text.add("uplift_outbox_rows", .gauge, "Rows that the hub is still owed.", Double(health.outbox))
        text.add("uplift_undeliverable_rows", .gauge, "Rows that the hub refused for good.", Double(health.undeliverable))
        text.add("uplift_held", .gauge, "1 while somebody holds the node.", health.held == nil ? 0 : 1)
        text.add("uplift_on_trial", .gauge, "1 while a new release is being judged.", health.isOnTrial ? 1 : 0)
        text.add("uplift_resident_memory_bytes", .gauge, "Memory that the agent holds.", health.machine.residentBytes.map(Double.init))
        text.add("uplift_free_disk_bytes", .gauge, "Free space beside the state folder.", health.machine.freeDiskBytes.map(Double.init))
    }

    private func addJobs(_ text: inout PrometheusText) {
        text.add(
            "uplift_job_state_seconds", .gauge, "Time that the job of a policy is in its state.",
            health.jobs.compactMap { job in
                job.ageSeconds.map { .init($0, [("policy", job.policy), ("state", job.state), ("status", job.status)]) }
            })
        text.add(
            "uplift_job_failed_tries", .gauge, "Failed tries of the present attempt.",
            health.jobs.map { .init(Double($0.failedTries), [("policy", $0.policy)]) })
    }

    private func addWork(_ text: inout PrometheusText) {
        text.add("uplift_fetched_bytes_total", .counter, "Bytes of packages that came over the network.", Double(counts.fetchedBytes))
        text.add("uplift_transactions_total", .counter, "Transactions that were committed.", Double(counts.transactions))
        text.add(
            "uplift_polls_total", .counter, "Polls of the hub.",
            [.init(Double(health.work.polls), [("result", "answered")]), .init(Double(health.work.failedPolls), [("result", "failed")])])
        text.add(
            "uplift_operations_total", .counter, "Ends of work, as the records of operation status say.",
            counts.operations.sorted {
                ($0.key.activity.rawValue, $0.key.stage.rawValue) < ($1.key.activity.rawValue, $1.key.stage.rawValue)
            }
            .map { .init(Double($1), [("activity", $0.activity.rawValue), ("type", $0.stage.rawValue)]) })
        text.add(
            "uplift_rollbacks_total", .counter, "Ways back, by the probe that said no; install when the switch itself failed.",
            counts.rollbacks.sorted { $0.key < $1.key }.map { .init(Double($1), [("reason", $0)]) })
        text.add("uplift_steps_total", .counter, "Steps of the state machine.", Double(counters.moved))
        text.add("uplift_stale_events_total", .counter, "Late or repeated answers; they change nothing.", Double(counters.stale))
        text.add(
            "uplift_impossible_events_total", .counter, "Events that cannot happen; any is a fault of ours.", Double(counters.rejected))
    }
}
