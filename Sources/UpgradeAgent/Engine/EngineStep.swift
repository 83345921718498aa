import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// One move of the machine as one transaction: state, rows owed to the exchange, event-log rows, operation records.
struct EngineStep {
    let policy: PolicyID
    let before: JobState?
    let event: JobEvent
    /// When it happened; nil = now.
    let time: UTCInstant?
    let move: Move
    let release: ReleaseFacts
    let installed: PerComponent<String>?

    func changes(_ node: StoredNode, at now: UTCInstant) -> [StoreChange] {
        var changes: [StoreChange] = [move.state.map { .putJob(policy, $0) } ?? .removeJob(policy)]
        changes += owed(node)
        // What was found belongs to the ending that was shown until now.
        if case .waiting? = move.state, node.health[policy] != nil { changes.append(.keepHealth(policy, nil)) }
        if case .handedOver(_, let handover)? = move.state, before?.handover == nil {
            changes.append(.set(.lastRelease, String(handover.newRelease)))
        }
        if case .ended(_, let ending)? = move.state, ending.outcome == .successful { changes += floor(node) + proven(node) }
        if case .rollingBack(_, let handover, _)? = move.state { changes += failed(handover.plan, node) }
        return changes + events(at: now) + operations(node, at: time ?? now)
    }

    private func owed(_ node: StoredNode) -> [StoreChange] {
        var changes: [StoreChange] = []
        var number = node.keys[.lastOutboxNumber].flatMap { Int($0) } ?? 0
        // What dpkg does not tell is not told.
        for report in move.owed where report != .softwareVersions || installed?.software != "" {
            number += 1
            changes.append(.owe(OutboxRow(number: number, policy: policy, content: content(report))))
            if report == .deletion {
                // What was still owed about a policy that is gone is void; which versions run is about the node.
                changes.insert(
                    contentsOf: node.outbox.filter { $0.policy == policy && !$0.isAboutNode }.map { .settle(number: $0.number) }, at: 0)
            }
        }
        if !move.owed.isEmpty { changes.append(.set(.lastOutboxNumber, String(number))) }
        return changes
    }

    private func content(_ report: OwedReport) -> OutboxRow.Content {
        switch report {
        case .status(let status, let facts, let reason): .status(StatusReport(status: status, facts: facts, reason: reason))
        case .deletion: .deletion
        case .softwareVersions: .softwareVersions((installed ?? release.versions).nonEmpty)
        }
    }

    /// The highest version ever committed here: raised by a commit, never lowered.
    private func floor(_ node: StoredNode) -> [StoreChange] {
        guard let now = Version(release.software) else { return [] }
        if let known = node.keys[.softwareFloor].flatMap({ Version($0) }), known >= now { return [] }
        return [.set(.softwareFloor, now.text)]
    }

    /// What could not be used here is remembered, whatever becomes of the policy.
    private func failed(_ plan: JobPlan, _ node: StoredNode) -> [StoreChange] {
        let all = node.keys.failedVersions.union(plan.parts)
        return all == node.keys.failedVersions ? [] : [.set(failed: all)]
    }

    /// What proved itself after all has not failed here.
    private func proven(_ node: StoredNode) -> [StoreChange] {
        let left = node.keys.failedVersions.subtracting(before?.handover?.plan.parts ?? [])
        return left == node.keys.failedVersions ? [] : [.set(failed: left)]
    }

    private func events(at now: UTCInstant) -> [StoreChange] {
        var rows: [StoreChange] = []
        if let note = move.note { rows.append(log(now, "info", "node_management_status_note", "\(policy): \(note)")) }
        for case .status(let status, _, let reason) in move.owed {
            let message = reason.isEmpty ? "." : ". Error message: \(reason)"
            let isTrouble = [.failed, .downloadFailed, .precheckFailed, .rollbackFailed, .unknown].contains(status)
            rows.append(
                log(
                    now, isTrouble ? "error" : "info", "node_management_status_changed",
                    "Node management status for \(policy) changed to \(StatusWord.word(status))\(message)"))
        }
        return rows
    }

    private func log(_ now: UTCInstant, _ severity: String, _ code: String, _ message: String) -> StoreChange {
        .log(EventLogRow(at: now, severity: severity, code: code, message: message, policy: policy))
    }

    private func operations(_ node: StoredNode, at now: UTCInstant) -> [StoreChange] {
        let open = node.openOperations.values.filter { $0.policy == policy }.sorted { $0.number < $1.number }
        let step = OperationRule.Step(policy: policy, event: event, after: move.state, note: move.note, now: now, open: open)
        return OperationRule.records(step).map { .operation($0) }
    }
}

extension JobPlan {
    fileprivate var parts: [ComponentVersion] { versions.map { ComponentVersion(component: $0.key, version: $0.value) } }
}

extension OutboxRow {
    /// True for what stays true without the policy that caused it.
    package var isAboutNode: Bool {
        switch content {
        case .softwareVersions: true
        case .status, .deletion: false
        }
    }
}

extension StoredNode {
    /// What the store will say after these changes: the engine's memory follows every commit.
    mutating func apply(_ changes: [StoreChange]) {
        for change in changes {
            switch change {
            case .putJob(let policy, let state): jobs[policy] = state
            case .removeJob(let policy):
                jobs[policy] = nil
                health[policy] = nil
            case .keepHealth(let policy, let report): health[policy] = report
            case .owe(let row): outbox.append(row)
            case .settle(let number): outbox.removeAll { $0.number == number }
            case .undeliverable(let row):
                outbox.removeAll { $0.number == row.row.number }
                undeliverable = Array((undeliverable + [row]).suffix(100))
            case .set(let key, let value): keys[key] = value
            case .operation(let operation): openOperations[operation.id] = operation.stage.isOpen ? operation : nil
            case .log: break
            case .forgetAll:
                jobs = [:]
                health = [:]
                outbox = []
                openOperations = [:]
            }
        }
    }
}
