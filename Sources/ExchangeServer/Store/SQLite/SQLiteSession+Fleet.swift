import ExchangeModel
import SQLite

extension SQLiteSession {
    func nodeCount(owner: String) throws -> Int {
        Int(try number("SELECT count(*) FROM nodes WHERE owner = ?", [.text(owner)]))
    }

    func managementPolicyCount(owner: String) throws -> Int {
        Int(try number("SELECT count(*) FROM management_policies WHERE owner = ?", [.text(owner)]))
    }

    /// One policy's rows come from the index by policy, which holds the nodes in order; those of all policies from the primary key.
    func statusRows(_ org: String, _ filter: HubStatusFilter, limit: Int) throws -> [HubStatusRow] {
        var (conditions, values) = (["s.org = ?"], [Value.text(org)])
        func add(_ condition: String, _ texts: String...) {
            conditions.append(condition)
            values += texts.map { .text($0) }
        }
        if let policy = filter.policy {
            add("s.policy = ?", policy)
            if let after = filter.after { add("s.node > ?", after.node) }
        } else if let after = filter.after {
            add("(s.node, s.policy) > (?, ?)", after.node, after.policy)
        }
        if let word = filter.word { add("json_extract(s.document, '$.agentUpgradePolicyStatus.status') = ?", word) }
        if let owner = filter.owner { add("(SELECT owner FROM nodes AS n WHERE n.org = s.org AND n.id = s.node) = ?", owner) }
        let sql = """
            SELECT s.node, s.policy, s.document FROM management_statuses AS s WHERE \(conditions.joined(separator: " AND "))
            ORDER BY s.node, s.policy LIMIT ?
            """
        return try database.query(sql, values + [.integer(Int64(limit))]).map { row in
            HubStatusRow(node: try row.text("node"), policy: try row.text("policy"), json: try row.text("document"))
        }
    }
}
