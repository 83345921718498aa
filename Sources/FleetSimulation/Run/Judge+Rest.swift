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
        if node.isUnwell { return nil }
        guard let agent = node.supervision.withLock({ $0.agent }), agent.handler != nil, let memory = node.memory else {
            return "no agent runs"
        }
        if hasLeft(node) { return nil }
        guard node.isAtRest else { return "a trial is not over" }
        let told = hub.change { $0.nodes[node.number].statuses }
        for (policy, job) in memory.jobs.sorted(by: { $0.key < $1.key }) {
            let word = StatusWord.word(job.status)
            // Whoever holds the node wants it to wait.
            if job.status == .waiting, memory.keys[.hold] != nil { continue }
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

    /// A person has unregistered it.
    func hasLeft(_ node: FleetNode) -> Bool { inspector.truth(of: node.name).isLeaving && node.memory?.jobs.isEmpty == true }

    /// People want something of it that it does not know of, or it keeps what is over.
    private func wantsMore(_ node: FleetNode, _ memory: SimMemory) -> String? {
        if !memory.outbox.isEmpty { return "\(memory.outbox.count) rows are still owed to the hub" }
        let (policies, row, turn) = hub.change { tables in
            (tables.policies, tables.nodes[node.number].policy, node.haGroup.flatMap { tables.turns[$0] })
        }
        for policy in memory.jobs.keys.sorted() where !policies.contains(where: { $0.id == policy && $0.enabled }) {
            return "\(policy.name) is gone, and the node still has it"
        }
        for policy in policies where memory.jobs[policy.id] == nil && Concern.holds(policy, row, node.properties) {
            return "it has not heard of \(policy.id.name)"
        }
        if let turn, turn.node == node.name { return "the turn of its group was never given back" }
        let jobs = (try? node.tree.list(Layout.jobs)) ?? []
        return jobs.isEmpty ? nil : "folders of jobs stay: \(jobs.joined(separator: ", "))"
    }
}

extension FleetNode {
    /// The committed build dies by itself here: no upgrade can do anything about that.
    var isUnwell: Bool {
        guard let release = try? tree.release(at: Layout.recover), let version = version(of: release) else { return false }
        return [.diesLater, .deaf].contains(behaviour(version))
    }
}
