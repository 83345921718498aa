import ExchangeModel
import UpgradeModel
import UpgradeWire

extension SimHubSession {
    func putOperation(_ operation: HubOperation) throws {
        if let node = operation.node { try requireNode(SimHubKey(node.org, node.id)) }
        tables.operations.removeAll {
            isOf(operation.node, $0.operation) && SimHubKey($0.row.document.id) == SimHubKey(operation.document.id)
        }
        tables.newestOperation += 1
        tables.operations.append((HubOperationRow(number: tables.newestOperation, document: operation.document), operation))
    }

    func trimOperations(of node: HubNodePlace?, activity: String?, to rowsMax: Int) throws {
        let own = tables.operations.filter {
            isOf(node, $0.operation) && (activity ?? $0.row.document.activity) == $0.row.document.activity
        }
        let order = own.filter { !$0.operation.isOpen } + own.filter(\.operation.isOpen)
        let gone = Set(order.prefix(max(0, own.count - rowsMax)).map(\.row.number))
        tables.operations.removeAll { gone.contains($0.row.number) }
    }

    func forgetSelfReports(_ org: String, _ node: String) throws {
        tables.operations.removeAll { isOf(HubNodePlace(org: org, id: node), $0.operation) }
        tables.nodeHealth[SimHubKey(org, node)] = nil
    }

    func purgeOperations(at now: UTCInstant, batch: Int) throws -> Int {
        let over = tables.operations.filter { !$0.operation.isOpen && $0.operation.expires.secondsSinceEpoch <= now.secondsSinceEpoch }
        let gone = over.sorted { $0.operation.expires < $1.operation.expires }.prefix(batch).map(\.row.number)
        tables.operations.removeAll { gone.contains($0.row.number) }
        return gone.count
    }

    func operations(_ query: HubOperationQuery) throws -> [HubOperationRow] {
        Array(tables.operations.reversed().filter { query.takes($0.row, of: $0.operation.node) }.map(\.row).prefix(query.max))
    }

    func nodeHealth(_ org: String, _ node: String) throws -> ReportedHealthDocument? { tables.nodeHealth[SimHubKey(org, node)] }

    func putNodeHealth(_ org: String, _ node: String, _ health: ReportedHealthDocument) throws {
        try requireNode(SimHubKey(org, node))
        tables.nodeHealth[SimHubKey(org, node)] = health
    }

    private func isOf(_ node: HubNodePlace?, _ operation: HubOperation) -> Bool { operation.node == node }
}
