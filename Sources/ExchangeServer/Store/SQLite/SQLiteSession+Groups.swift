import ExchangeModel
import SQLite
import UpgradeModel

extension SQLiteSession {
    func nodeGroupNames(_ org: String) throws -> [String] {
        try database.query("SELECT name FROM node_groups WHERE org = ? ORDER BY name", [.text(org)]).map { try $0.text("name") }
    }

    func nodeGroup(_ org: String, _ name: String) throws -> HubNodeGroup? {
        try firstDocument(
            HubNodeGroup.self, "SELECT document FROM node_groups WHERE org = ? AND name = ?", [.text(org), .text(name)])
    }

    func nodeGroupMembers(_ org: String, _ name: String) throws -> [String] {
        let sql = "SELECT node FROM node_group_members WHERE org = ? AND node_group = ? ORDER BY node"
        return try database.query(sql, [.text(org), .text(name)]).map { try $0.text("node") }
    }

    func putNodeGroup(_ org: String, _ name: String, _ group: HubNodeGroup, members: [String]) throws {
        let key: [Value] = [.text(org), .text(name)]
        try database.execute(
            "INSERT INTO node_groups (org, name, document) VALUES (?, ?, ?) ON CONFLICT (org, name) DO UPDATE SET document = excluded.document",
            key + [.text(try text(group))])
        let known = try nodeGroupMembers(org, name)
        for node in known where !members.contains(node) {
            try database.execute("DELETE FROM node_group_members WHERE org = ? AND node = ?", [.text(org), .text(node)])
            try database.execute("DELETE FROM turns WHERE org = ? AND node_group = ? AND node = ?", key + [.text(node)])
        }
        for node in Set(members).subtracting(known).sorted() {
            try database.execute(
                "INSERT INTO node_group_members (org, node, node_group) VALUES (?, ?, ?)", [.text(org), .text(node), .text(name)])
        }
    }

    func deleteNodeGroup(_ org: String, _ name: String) throws -> Bool {
        try database.execute("DELETE FROM node_groups WHERE org = ? AND name = ?", [.text(org), .text(name)]) > 0
    }

    func turn(_ org: String, _ group: String) throws -> Turn? {
        let sql = "SELECT node, policy, granted, renewed FROM turns WHERE org = ? AND node_group = ?"
        return try database.queryFirst(sql, [.text(org), .text(group)]).map { row in
            // A time that cannot be read is long ago: the turn is free.
            Turn(
                node: try row.text("node"), policy: try row.text("policy"),
                granted: UTCInstant(rfc3339: try row.text("granted")) ?? .distantPast,
                renewed: UTCInstant(rfc3339: try row.text("renewed")) ?? .distantPast)
        }
    }

    func putTurn(_ org: String, _ group: String, _ turn: Turn) throws {
        try database.execute(
            """
            INSERT INTO turns (org, node_group, node, policy, granted, renewed) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (org, node_group) DO UPDATE SET node = excluded.node, policy = excluded.policy, granted = excluded.granted,
            renewed = excluded.renewed
            """,
            [
                .text(org), .text(group), .text(turn.node), .text(turn.policy), .text(turn.granted.rfc3339(fractionDigits: 6)),
                .text(turn.renewed.rfc3339(fractionDigits: 6)),
            ])
    }

    func deleteTurn(_ org: String, _ group: String) throws -> Bool {
        try database.execute("DELETE FROM turns WHERE org = ? AND node_group = ?", [.text(org), .text(group)]) > 0
    }

    func endTurn(_ org: String, policy: String, node: String?) throws {
        let (filter, values) = node.map { (" AND node = ?", [Value.text($0)]) } ?? ("", [])
        try database.execute("DELETE FROM turns WHERE org = ? AND policy = ?" + filter, [.text(org), .text(policy)] + values)
    }
}
