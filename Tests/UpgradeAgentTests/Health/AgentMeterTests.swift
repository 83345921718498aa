import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation
import UpgradeWire

@testable import UpgradeAgent

/// What a process counts, and what of it Prometheus reads.
@Suite struct AgentMeterTests {
    private let moment = UTCInstant(secondsSinceEpoch: 0)

    private func goBack(_ site: EngineSite, _ report: HealthReport?) throws {
        let handover = try site.handOver()
        try site.engine.handle(EngineSite.one, .recorded(handover.ticket, number: 1, .switchIntended))
        try site.engine.handle(EngineSite.one, .recorded(handover.ticket, number: 2, .switched))
        try site.engine.handle(EngineSite.one, .recorded(handover.ticket, number: 3, .rollbackIntended(cause: "sick", at: moment)))
        let kept = HealthFile.changes(report, EngineSite.one, isGood: false)
        try site.engine.handle(EngineSite.one, .recorded(handover.ticket, number: 4, .rolledBack(at: moment)), with: kept)
    }

    @Test func `a way back counts by the probe that said no`() throws {
        let site = try EngineSite()
        let results = [HealthResult.Verdict.passed, .failed, .failed].enumerated().map {
            HealthResult(name: "probe \($0)", verdict: $1, sentence: "", at: moment, took: .zero)
        }
        try goBack(site, HealthReport(ticket: Ticket(high: 0, low: 0), baseline: [], results: results))
        let counts = site.engine.surroundings.meter.now
        #expect(counts.rollbacks == ["probe 1": 1])
        #expect(counts.operations[.init(activity: .health, stage: .exception)] == 1)
        #expect(counts.operations[.init(activity: .install, stage: .completed)] == 1)
        #expect(counts.transactions == site.store.commits)
    }

    @Test func `without a report it was the switch`() throws {
        let site = try EngineSite()
        try goBack(site, nil)
        #expect(site.engine.surroundings.meter.now.rollbacks == ["install": 1])
    }

    @Test func `a commit that fails counts for nothing`() throws {
        let site = try EngineSite()
        site.store.fail(commit: 1, .before(EngineSite.broken))
        #expect(throws: StoreError.self) { try site.match() }
        #expect(site.engine.surroundings.meter.now.transactions == 0)
    }

    @Test func `every metric of an agent has a family, and nothing known is missing`() throws {
        let meter = AgentMeter()
        meter.fetched(7)
        let health = NodeHealthDocument(
            ping: PingDocument(node: "o/n\n", time: "", version: "1"), versions: ["software": "1"],
            machine: .init(MachineFigures(), freeDiskBytes: 5),
            work: .init(uptimeSeconds: 2, fetchedBytes: 7, transactions: 4, polls: 1, failedPolls: 1), outbox: 1, undeliverable: 2,
            lastGoodContact: nil, trouble: nil, held: "x", isOnTrial: true,
            jobs: [
                .init(policy: "o/\"p", status: "waiting", state: "paused", ageSeconds: 3, waitsFor: "", until: nil, failedTries: 9)
            ])
        let text = AgentMetrics(health: health, counts: meter.now, counters: EngineCounters(), contactAge: nil).text
        for line in [
            "uplift_node_info{software=\"1\",configuration=\"\",certificate=\"\"} 1", "uplift_fetched_bytes_total 7",
            "uplift_outbox_rows 1",
            "uplift_polls_total{result=\"failed\"} 1", "uplift_held 1", "uplift_free_disk_bytes 5",
            "uplift_job_state_seconds{policy=\"o/\\\"p\",state=\"paused\",status=\"waiting\"} 3",
            "uplift_job_failed_tries{policy=\"o/\\\"p\"} 9",
        ] { #expect(text.contains("\n\(line)\n"), "\(line)") }
        // Not known, so not said.
        #expect(!text.contains("heartbeat_age") && !text.contains("resident_memory"))
    }
}
