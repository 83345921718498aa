import UpgradeModel
import UpgradePorts

extension [Operation] {
    /// What a query asks for, of records in the order of their writing.
    func selected(_ query: OperationQuery) -> [Operation] {
        let found = filter { query.isMet(by: $0) }
        switch query.order {
        case .newestFirst(let number):
            return Array(found.reversed().lazy.filter { $0.number < number ?? .max }.prefix(Swift.max(query.max, 0)))
        case .oldestFirst(let number): return Array(found.lazy.filter { $0.number > number }.prefix(Swift.max(query.max, 0)))
        }
    }
}

extension OperationQuery {
    fileprivate func isMet(by operation: Operation) -> Bool {
        (id.map { $0 == operation.id } ?? true) && (activity.map { $0 == operation.activity } ?? true)
            && (stages.map { $0.contains(operation.stage) } ?? true) && (policy.map { $0 == operation.policy } ?? true)
            && (since.map { $0 <= operation.at } ?? true) && (until.map { operation.at < $0 } ?? true)
    }
}
