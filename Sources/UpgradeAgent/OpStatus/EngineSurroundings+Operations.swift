import UpgradeModel
import UpgradePorts

extension EngineSurroundings {
    /// The changes with what only the engine knows of operation records: their numbers, when they expire, and which process does the work.
    func numbering(_ changes: [StoreChange], after node: StoredNode) -> [StoreChange] {
        guard changes.contains(where: { if case .operation = $0 { true } else { false } }) else { return changes }
        var number = node.keys[.lastOperation].flatMap { Int($0) } ?? 0
        let numbered = changes.map { change -> StoreChange in
            guard case .operation(var operation) = change else { return change }
            number += 1
            operation.number = number
            operation.expires = operations.expiry(of: operation, at: clock.now())
            operation.process = operation.activity.isOurs ? process : nil
            return .operation(operation)
        }
        return numbered + [.set(.lastOperation, String(number))]
    }
}

extension Operation.Activity {
    /// The agent does it; the rest is the installer's.
    fileprivate var isOurs: Bool {
        switch self {
        case .poll, .match, .start, .plan, .download, .verify, .unpack, .turn, .report, .purge, .selftest: true
        case .install, .health, .rollback, .monitor, .backup: false
        }
    }
}
