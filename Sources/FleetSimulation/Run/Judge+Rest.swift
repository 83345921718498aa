import ExchangeModel
import Synchronization
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation
import UpgradeWire

/// What keeps a node from rest; nil when nothing does.
extension Judge {
    func unsettled(_ node: FleetNode) -> String? {
        if node.isLaidLow { return nil }
        guard let agent = node.supervision.withLock({ $0.agent }), agent.handler != nil, let memory = node.memory else {
            return "no agent runs"
        }
        if memory.jobs.isEmpty, inspector.truth(of: node.name).isLeaving { return nil }
        guard node.isAtRest else { return "a trial is not over" }
        let told = hub.change { $0.nodes[node.number].statuses }
        for (policy, job) in memory.jobs.sorted(by: { $0.key < $1.key }) {
            let word = StatusWord.word(job.status)
            if !job.status.isFinal { return "\(policy.name) is still \(word)" }
            if told[policy] != .some(.some(job.status)) {
                return "the hub does not know that \(policy.name) is \(word); \(memory.outbox.count) rows are owed"
            }
        }
        for policy in told.keys.sorted() where memory.jobs[policy] == nil {
            return "the hub has a word of \(policy.name), the node has none"
        }
        return wantsMore(node, memory)
    }

    /// People want something of it that it does not know of, or it keeps what is over.
    private func wantsMore(_ node: FleetNode, _ memory: SimMemory) -> String? {
        if !memory.outbox.isEmpty { return "\(memory.outbox.count) rows are still owed to the hub" }
        let (policies, turn) = hub.change { tables in (tables.policies, node.haGroup.flatMap { tables.turns[$0] }) }
        for policy in memory.jobs.keys.sorted() where !policies.contains(where: { $0.id == policy && $0.enabled }) {
            return "\(policy.name) is gone, and the node still has it"
        }
        // Whether constraints and patterns hold is asked of the rule in its own room; a policy without any is for everybody.
        for policy in policies where policy.enabled && policy.isForEverybody && node.group.constraints.isEmpty {
            if memory.jobs[policy.id] == nil { return "it has not heard of \(policy.id.name)" }
        }
        if let turn, turn.node == node.name { return "the turn of its group was never given back" }
        let jobs = (try? node.tree.list(Layout.jobs)) ?? []
        return jobs.isEmpty ? nil : "folders of jobs stay: \(jobs.joined(separator: ", "))"
    }
}

extension NodeManagementPolicy {
    fileprivate var isForEverybody: Bool { constraints.isEmpty && patterns.isEmpty }
}

extension FleetNode {
    /// The committed build dies by itself here: no upgrade can do anything about that.
    var isLaidLow: Bool {
        guard let release = try? tree.release(at: Layout.recover), let version = version(of: release) else { return false }
        return [.diesLater, .deaf].contains(behaviour(version))
    }
}
