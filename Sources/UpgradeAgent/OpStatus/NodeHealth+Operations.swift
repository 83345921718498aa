import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeWire

extension NodeHealth {
    /// A record as others see it. How far a download is stands in its folder, and is looked up when somebody asks.
    func document(of operation: Operation) -> OperationDocument {
        var operation = operation
        if operation.activity == .download, operation.stage == .running { operation.progress = progress(of: operation) }
        return OperationDocument(operation, node: node)
    }

    private func progress(of operation: Operation) -> String? {
        guard case .downloading(_, let attempt, let plan)? = operation.policy.flatMap({ engine.snapshot.jobs[$0] }),
            attempt.ticket == operation.ticket
        else { return nil }
        let (partial, verified) = (Layout.partial(attempt.ticket), Layout.verified(attempt.ticket))
        let bytes = plan.files.reduce(Int64(0)) { sum, file in
            sum + min(file.length, length(verified.appending(file.localName)) ?? length(partial.appending(file.localName)) ?? 0)
        }
        return "\(bytes) of \(plan.totalLength) bytes"
    }

    private func length(_ path: TreePath) -> Int64? { ((try? ports.state.entry(path)) ?? nil)?.length }
}
