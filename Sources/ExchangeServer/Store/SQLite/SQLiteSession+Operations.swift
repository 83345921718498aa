import ExchangeModel
import SQLite
import UpgradeModel
import UpgradeWire

extension SQLiteSession {
    func putOperation(_ operation: HubOperation) throws {
        let (node, document) = (operation.node, operation.document)
        try database.execute(
            "DELETE FROM operations WHERE org IS ? AND node IS ? AND id = ?", [Value(node?.org), Value(node?.id), .text(document.id)])
        try database.execute(
            """
            INSERT INTO operations (org, node, id, activity, status, stage, policy, written, is_open, expires, document)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                Value(node?.org), Value(node?.id), .text(document.id), .text(document.activity), Value(document.status),
                .text(document.type), Value(document.context.queue_tag), .real(document.time), .integer(operation.isOpen ? 1 : 0),
                .integer(operation.expires.secondsSinceEpoch), .text(try text(document)),
            ])
    }

    func trimOperations(of node: HubNodePlace?, activity: String?, to rowsMax: Int) throws {
        try database.execute(
            """
            DELETE FROM operations WHERE number IN (SELECT number FROM operations
            WHERE org IS ? AND node IS ? AND activity = ifnull(?, activity) ORDER BY is_open DESC, number DESC LIMIT -1 OFFSET ?)
            """, [Value(node?.org), Value(node?.id), Value(activity), .integer(Int64(rowsMax))])
    }

    func forgetSelfReports(_ org: String, _ node: String) throws {
        try database.execute("DELETE FROM operations WHERE org = ? AND node = ?", [.text(org), .text(node)])
        try database.execute("DELETE FROM node_health WHERE org = ? AND node = ?", [.text(org), .text(node)])
    }

    func purgeOperations(at now: UTCInstant, batch: Int) throws -> Int {
        try database.execute(
            """
            DELETE FROM operations WHERE number IN (SELECT number FROM operations WHERE is_open = 0 AND expires <= ?
            ORDER BY expires LIMIT ?)
            """, [.integer(now.secondsSinceEpoch), .integer(Int64(batch))])
    }

    func operations(_ query: HubOperationQuery) throws -> [HubOperationRow] {
        var (conditions, values): ([String], [Value]) = (["number < ?"], [.integer(query.below ?? .max)])
        func add(_ condition: String, _ value: Value?) {
            guard let value else { return }
            conditions.append(condition)
            values.append(value)
        }
        switch query.owner {
        case .everybody: break
        case .org(let org): add("org = ?", .text(org))
        case .hub: conditions.append("org IS NULL")
        case .node(let place):
            add("org = ?", .text(place.org))
            add("node = ?", .text(place.id))
        }
        add("activity = ?", query.activity.map { .text($0) })
        add("status = ?", query.status.map { .text($0) })
        add("stage = ?", query.type.map { .text($0) })
        add("policy = ?", query.policy.map { .text($0) })
        add("written >= ?", query.since.map { .real($0.epochSeconds) })
        add("written < ?", query.until.map { .real($0.epochSeconds) })
        let sql = "SELECT number, document FROM operations WHERE \(conditions.joined(separator: " AND ")) ORDER BY number DESC LIMIT ?"
        return try database.query(sql, values + [.integer(Int64(query.max))]).map { row in
            HubOperationRow(number: try row.integer("number"), document: try document(OperationDocument.self, row.text("document")))
        }
    }

    func nodeHealth(_ org: String, _ node: String) throws -> ReportedHealthDocument? {
        try firstDocument(
            ReportedHealthDocument.self, "SELECT document FROM node_health WHERE org = ? AND node = ?", [.text(org), .text(node)])
    }

    func putNodeHealth(_ org: String, _ node: String, _ health: ReportedHealthDocument) throws {
        try database.execute(
            """
            INSERT INTO node_health (org, node, document) VALUES (?, ?, ?)
            ON CONFLICT (org, node) DO UPDATE SET document = excluded.document
            """, [.text(org), .text(node), .text(try text(health))])
    }
}
