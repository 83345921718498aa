import Synchronization
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation
import UpgradeWire

/// What is durable: nothing is forgotten, and nothing is true without being owed to the hub.
extension Inspector {
    /// A transaction of a node's agent.
    func committed(_ node: FleetNode, _ changes: [StoreChange], before: SimMemory, after: SimMemory) {
        for case .settle(let number) in changes { settled(node, number, changes, before) }
        // By its own database: what an agent on trial said is gone with its release.
        var last = before.jobs.mapValues(\.status)
        for case .owe(let row) in changes {
            switch row.content {
            case .status(let report):
                said(node, row.policy, report, after: last[row.policy], before)
                last[row.policy] = report.status
            case .deletion: last[row.policy] = nil
            case .softwareVersions: break
            }
        }
        for change in changes {
            switch change {
            case .putJob(let policy, let job):
                moved(node, policy, job, changes, before)
                compare(node, policy, after)
            case .removeJob(let policy):
                removed(node, policy, changes, before)
                compare(node, policy, after)
            default: break
            }
        }
        for case .operation(let operation) in changes { recorded(node, operation, changes) }
        let active = after.jobs.filter { $0.value.isActive }.keys.map(\.name).sorted()
        if active.count > 1 { violated(node, "is at work on \(active.joined(separator: " and ")) at once") }
        if active.isEmpty, before.jobs.contains(where: { $0.value.isActive }) { isBusy(node) }
    }

    /// What is being done is what the records say.
    private func compare(_ node: FleetNode, _ policy: PolicyID, _ memory: SimMemory) {
        let open = memory.operations.filter { $0.stage.isOpen && $0.policy == policy }
        if let contradiction = OperationRule.contradiction(policy, memory.jobs[policy], open) {
            violated(node, "operation records of \(policy.name): \(contradiction)")
        }
    }

    /// A record of an attempt is written with a change of its job, and only then.
    private func recorded(_ node: FleetNode, _ operation: Operation, _ changes: [StoreChange]) {
        guard operation.ticket != nil, let policy = operation.policy else { return }
        let hasMoved = changes.contains { change in
            switch change {
            case .putJob(policy, _), .removeJob(policy): true
            default: false
            }
        }
        if !hasMoved { violated(node, "writes \(operation.activity) \(operation.stage) of \(policy.name), whose job did not move") }
    }

    /// A row goes only when the hub has it, cannot take it, or the policy is gone.
    private func settled(_ node: FleetNode, _ number: Int, _ changes: [StoreChange], _ before: SimMemory) {
        guard let row = before.outbox[number] else { return }
        let isExcused = changes.contains { change in
            switch change {
            case .undeliverable(let aside): aside.row.number == number
            case .owe(let other): other.policy == row.policy && other.content == .deletion
            default: false
            }
        }
        let truth = truth(of: node.name)
        if truth.isLeaving { return }
        let hasArrived: Bool =
            if case .softwareVersions(let versions) = row.content { truth.arrivedVersions == versions } else {
                truth.arrived[row.policy] == row.content
            }
        if !isExcused, !hasArrived { violated(node, "forgets row \(number) of \(row.policy.name), which the hub has not got") }
    }

    /// A new word of a job is owed in the transaction that makes it true.
    private func moved(_ node: FleetNode, _ policy: PolicyID, _ job: JobState, _ changes: [StoreChange], _ before: SimMemory) {
        if let ticket = job.ticket, ticket != before.jobs[policy]?.ticket { drew(node, ticket, policy) }
        var owed = before.jobs[policy]?.status
        for case .owe(let row) in changes where row.policy == policy {
            if case .status(let report) = row.content { owed = report.status }
        }
        guard job.status != owed else { return }
        if case .quarantined(_, nil) = job { return }
        violated(node, "\(policy.name) becomes \(StatusWord.word(job.status)), and the word is not owed")
    }

    /// By its ticket alone a late answer is told from one that is waited for.
    private func drew(_ node: FleetNode, _ ticket: Ticket, _ policy: PolicyID) {
        let isKnown = truth(of: node.name).tickets.contains(ticket)
        learn(node.name) { $0.tickets.insert(ticket) }
        if isKnown { violated(node, "\(policy.name) begins with the ticket \(ticket.text), which an earlier attempt had") }
    }

    private func removed(_ node: FleetNode, _ policy: PolicyID, _ changes: [StoreChange], _ before: SimMemory) {
        learn(node.name) { $0.words[policy] = nil }
        let isOwed = changes.contains { if case .owe(let row) = $0 { row.policy == policy && row.content == .deletion } else { false } }
        if before.jobs[policy] != nil, !isOwed, !truth(of: node.name).isLeaving {
            violated(node, "\(policy.name) is forgotten, and the hub will not hear of it")
        }
    }
}
