import Synchronization
import UpgradeAgent
import UpgradeModel
import UpgradePorts
import UpgradeSimulation
import UpgradeWire

/// What the hub hears.
extension Inspector {
    /// Requests of one node in ten minutes: polls, and what failures and questions for a turn bring beside them.
    private static let requestsMax = 600
    /// Probes of one node in ten minutes: three each two seconds while the word of a hub that is away decides a trial, and a few more.
    private static let probesMax = 960

    /// A call went out.
    func asked(_ node: FleetNode, isProbe: Bool) {
        let period = node.timeline.tenMinutes
        let most = isProbe ? Inspector.probesMax : Inspector.requestsMax * node.group.pollsPerSecond
        let count = isProbe ? tally(node, \.probes) : node.requests.withLock { $0.add(in: period) }
        guard count == most else { return }
        violated(node, "\(isProbe ? "probes" : "asks") the hub more than \(count) times in ten minutes")
    }

    func tally(_ node: FleetNode, _ what: any WritableKeyPath<NodeTruth, Tally> & Sendable) -> Int {
        state.withLock { $0.truths[node.name, default: NodeTruth()][keyPath: what].add(in: node.timeline.tenMinutes) }
    }

    /// The hub took in what a node says about a policy: it is the oldest row that the node owes about it.
    func arrives(_ node: FleetNode, _ policy: PolicyID, _ content: OutboxRow.Content) {
        if case .softwareVersions(let versions) = content {
            return learn(node.name) { $0.arrivedVersions = versions }
        }
        learn(node.name) {
            $0.arrived[policy] = content
            $0.isReset = false
        }
        guard let memory = node.memory else { return }
        let first = memory.outbox.values.filter { $0.policy == policy && !$0.isAboutNode }.min { $0.number < $1.number }
        // A word that belongs to no policy of the node is removed without a row.
        if content == .deletion, memory.jobs[policy] == nil { return }
        if first?.content != content { violated(node, "tells the hub \(content.short) of \(policy.name) out of turn") }
    }
}

extension NodeGroup {
    /// How often its machines may ask: once a second, unless people want more.
    fileprivate var pollsPerSecond: Int {
        guard let interval = settings[.pollInterval].flatMap({ Double($0) }), interval > 0, interval < 1 else { return 1 }
        return Int(min(1000, (1 / interval).rounded(.up)))
    }
}

extension OutboxRow.Content {
    fileprivate var short: String {
        switch self {
        case .status(let report): StatusWord.word(report.status)
        case .deletion: "that there is no word"
        case .softwareVersions: "its versions"
        }
    }
}
