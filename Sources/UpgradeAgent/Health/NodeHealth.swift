import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// How the node is at this moment, from what the agent knows and the kernel says; nobody is asked and nothing is waited for.
struct NodeHealth {
    let parts: AgentDaemon.Parts

    var ping: PingDocument {
        PingDocument(
            node: parts.registrar.identity.map { "\($0.org)/\($0.node)" } ?? "", time: parts.ports.clock.now().rfc3339(),
            version: parts.release.software)
    }

    var document: NodeHealthDocument {
        let snapshot = parts.engine.snapshot
        let contact = parts.hub.contact
        return NodeHealthDocument(
            ping: ping, versions: versions,
            machine: .init(parts.ports.gauges.read(), freeDiskBytes: try? parts.ports.state.freeBytes()), work: work,
            outbox: snapshot.outbox.count, undeliverable: snapshot.undeliverable.count,
            lastGoodContact: contact.lastGood?.rfc3339(), trouble: parts.registrar.trouble ?? contact.trouble,
            held: snapshot.keys.hold?.sentence, isOnTrial: snapshot.isRestricted,
            jobs: snapshot.jobs.sorted { $0.key < $1.key }.map { job($0, $1, snapshot) })
    }

    private var versions: [String: String] {
        var known: [String: String] = [:]
        for component in Component.allCases where !parts.versions[component].isEmpty {
            known[component.rawValue] = parts.versions[component]
        }
        return known
    }

    private var work: NodeHealthDocument.Work {
        let (counts, contact) = (parts.engine.surroundings.meter.now, parts.hub.contact)
        let uptime = parts.ports.clock.sinceBoot() - parts.startedSinceBoot
        return .init(
            uptimeSeconds: uptime / .seconds(1), fetchedBytes: counts.fetchedBytes, transactions: counts.transactions, polls: contact.polls,
            failedPolls: contact.failedPolls)
    }

    private func job(_ policy: PolicyID, _ state: JobState, _ snapshot: EngineSnapshot) -> NodeHealthDocument.Job {
        let known = state.document(stateFolder: parts.ports.stateFolder, hold: snapshot.keys.hold)
        return .init(
            policy: policy.text, status: StatusWord.word(state.status), state: state.name,
            ageSeconds: since(policy, snapshot).map { max(0, parts.ports.clock.now().duration(since: $0) / .seconds(1)) },
            waitsFor: known.explanation.reason, until: known.explanation.next, failedTries: known.explanation.failedTries)
    }

    /// What is done now began then; otherwise the last thing that was done for the policy ended then.
    private func since(_ policy: PolicyID, _ snapshot: EngineSnapshot) -> UTCInstant? {
        if let open = snapshot.openOperations.values.first(where: { $0.policy == policy }) { return open.begun }
        var query = OperationQuery(max: 1)
        query.policy = policy
        return (try? parts.store.operations(query).first)?.at
    }
}
