import ExchangeModel
import SQLite
import UpgradeWire

extension SQLiteSession {
    func managementStatuses(_ org: String, _ node: String, policy: String?) throws -> [String: ManagementStatusDocument] {
        var sql = "SELECT policy, document FROM management_statuses WHERE org = ? AND node = ?"
        var values: [Value] = [.text(org), .text(node)]
        if let policy {
            sql += " AND policy = ?"
            values.append(.text(policy))
        }
        return try documents(ManagementStatusDocument.self, by: "policy", sql, values).mapValues { status in
            // Reading turns `""` into nil; what is shown has every key.
            let inner = status.agentUpgradePolicyStatus
            return ManagementStatusRule.shown(inner, lastUpdated: inner.lastUpdated ?? "")
        }
    }

    func putManagementStatus(_ org: String, _ node: String, policy: String, _ status: ManagementStatusDocument) throws {
        try database.execute(
            """
            INSERT INTO management_statuses (org, node, policy, document) VALUES (?, ?, ?, ?)
            ON CONFLICT (org, node, policy) DO UPDATE SET document = excluded.document
            """, [.text(org), .text(node), .text(policy), .text(try text(status))])
    }

    func deleteManagementStatus(_ org: String, _ node: String, policy: String) throws -> Bool {
        try database.execute(
            "DELETE FROM management_statuses WHERE org = ? AND node = ? AND policy = ?", [.text(org), .text(node), .text(policy)]) > 0
    }

    func statusHistory(_ org: String, _ node: String) throws -> [StatusHistoryEntryDocument] {
        let sql = "SELECT number, policy, received, body FROM status_history WHERE org = ? AND node = ? ORDER BY number"
        return try database.query(sql, [.text(org), .text(node)]).map { row in
            StatusHistoryEntryDocument(
                number: try row.integer("number"), policy: "\(org)/\(try row.text("policy"))", received: try row.text("received"),
                body: try document(JSONValue.self, row.text("body")))
        }
    }

    func appendStatusHistory(_ org: String, _ node: String, policy: String, received: String, body: JSONValue, keep: Int64) throws {
        let key: [Value] = [.text(org), .text(node)]
        let number = try number("SELECT ifnull(max(number), 0) + 1 FROM status_history WHERE org = ? AND node = ?", key)
        try database.execute(
            "INSERT INTO status_history (org, node, number, policy, received, body) VALUES (?, ?, ?, ?, ?, ?)",
            key + [.integer(number), .text(policy), .text(received), .text(try text(body))])
        try database.execute(
            "DELETE FROM status_history WHERE org = ? AND node = ? AND number <= ?", key + [.integer(number - keep)])
    }
}
