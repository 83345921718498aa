import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// How the node is at this moment, from what the agent knows and the kernel says; nobody is asked and nothing is waited for.
struct NodeHealth: Sendable {
    let ports: AgentPorts
    let registrar: Registrar
    /// The software of the release that runs.
    let software: String
    /// What is upgraded here.
    let upgraded: PerComponent<String>
    let engine: Engine
    let store: any Store
    let startedSinceBoot: Duration

    /// `org/node`; nil before it is registered.
    var node: String? { registrar.identity.map { "\($0.org)/\($0.node)" } }

    var ping: PingDocument { PingDocument(node: node ?? "", time: ports.clock.now().rfc3339(), version: software) }

    /// - Parameter contact: what is known of the way to the hub.
    func document(_ contact: HubPacing.Contact) -> NodeHealthDocument {
        let snapshot = engine.snapshot
        return NodeHealthDocument(
            ping: ping, versions: versions,
            machine: .init(ports.gauges.read(), freeDiskBytes: try? ports.state.freeBytes()), work: work(contact),
            outbox: snapshot.outbox.count, undeliverable: snapshot.undeliverable.count,
            lastGoodContact: contact.lastGood?.rfc3339(), trouble: registrar.trouble ?? contact.trouble,
            held: snapshot.keys.hold?.sentence, isOnTrial: snapshot.isRestricted,
            jobs: snapshot.jobs.sorted { $0.key < $1.key }.map { job($0, $1, snapshot) })
    }

    private var versions: [String: String] {
        var known: [String: String] = [:]
        for component in Component.allCases where !upgraded[component].isEmpty {
            known[component.rawValue] = upgraded[component]
        }
        return known
    }

    private func work(_ contact: HubPacing.Contact) -> NodeHealthDocument.Work {
        let counts = engine.surroundings.meter.now
        let uptime = ports.clock.sinceBoot() - startedSinceBoot
        return .init(
            uptimeSeconds: uptime / .seconds(1), fetchedBytes: counts.fetchedBytes, transactions: counts.transactions, polls: contact.polls,
            failedPolls: contact.failedPolls)
    }

    private func job(_ policy: PolicyID, _ state: JobState, _ snapshot: EngineSnapshot) -> NodeHealthDocument.Job {
        let known = state.document(stateFolder: ports.stateFolder, hold: snapshot.keys.hold)
        return .init(
            policy: policy.text, status: StatusWord.word(state.status), state: state.name,
            ageSeconds: since(policy, snapshot).map { max(0, ports.clock.now().duration(since: $0) / .seconds(1)) },
            waitsFor: known.explanation.reason, until: known.explanation.next, failedTries: known.explanation.failedTries)
    }

    /// What is done now began then; otherwise the last thing that was done for the policy ended then.
    private func since(_ policy: PolicyID, _ snapshot: EngineSnapshot) -> UTCInstant? {
        if let open = snapshot.openOperations.values.first(where: { $0.policy == policy }) { return open.begun }
        var query = OperationQuery(max: 20)
        query.policy = policy
        // A word that was said late changed nothing.
        return (try? store.operations(query))?.first { $0.activity != .report }?.at
    }
}
