import ExchangeModel
import SQLite
import UpgradeModel
import UpgradeWire

extension SQLiteSession {
    private static let groupOfNode =
        "(SELECT node_group FROM node_group_members AS m WHERE m.org = nodes.org AND m.node = nodes.id) AS node_group"

    func node(_ org: String, _ id: String) throws -> HubNode? {
        let sql = "SELECT document, token_hash, last_heartbeat, \(Self.groupOfNode) FROM nodes WHERE org = ? AND id = ?"
        return try database.queryFirst(sql, [.text(org), .text(id)]).map { row in
            HubNode(document: try node(row), tokenHash: try row.text("token_hash"))
        }
    }

    func nodeTokenHash(_ org: String, _ id: String) throws -> String? {
        try firstText("SELECT token_hash FROM nodes WHERE org = ? AND id = ?", [.text(org), .text(id)])
    }

    func nodeOwner(_ org: String, _ id: String) throws -> String? {
        try firstText("SELECT owner FROM nodes WHERE org = ? AND id = ?", [.text(org), .text(id)])
    }

    func nodes(_ org: String, owner: String?) throws -> [String: NodeDocument] {
        var nodes: [String: NodeDocument] = [:]
        let sql = "SELECT id, document, last_heartbeat, \(Self.groupOfNode) FROM nodes WHERE org = ?"
        let rows =
            try owner.map { try database.query(sql + " AND owner = ?", [.text(org), .text($0)]) } ?? database.query(sql, [.text(org)])
        for row in rows { nodes[try row.text("id")] = try node(row) }
        return nodes
    }

    private func node(_ row: Row) throws -> NodeDocument {
        var node = try document(NodeDocument.self, row.text("document"))
        node.lastHeartbeat = try row.optionalText("last_heartbeat")
        node.haGroup = try row.optionalText("node_group")
        return node
    }

    /// The heartbeat has a column of its own, so that a poll writes a few bytes and not the whole document.
    func putNode(_ org: String, _ id: String, _ node: HubNode) throws {
        var document = node.document
        document.lastHeartbeat = nil
        document.haGroup = nil
        try database.execute(
            """
            INSERT INTO nodes (org, id, owner, is_registered, last_heartbeat, document, token_hash) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (org, id) DO UPDATE SET owner = excluded.owner, is_registered = excluded.is_registered,
            last_heartbeat = excluded.last_heartbeat, document = excluded.document, token_hash = excluded.token_hash
            """,
            [
                .text(org), .text(id), .text(document.owner), .integer(document.publicKey.isEmpty ? 0 : 1),
                Value(node.document.lastHeartbeat), .text(try text(document)), .text(node.tokenHash),
            ])
    }

    func deleteNode(_ org: String, _ id: String) throws -> Bool {
        try database.execute("DELETE FROM nodes WHERE org = ? AND id = ?", [.text(org), .text(id)]) > 0
    }

    func touchNode(_ org: String, _ id: String, at time: UTCInstant) throws -> Bool {
        try database.execute(
            "UPDATE nodes SET last_heartbeat = ? WHERE org = ? AND id = ?",
            [.text(time.rfc3339(fractionDigits: 6)), .text(org), .text(id)]) > 0
    }

    func nodePolicy(_ org: String, _ node: String) throws -> NodePolicyDocument? {
        try firstDocument(
            NodePolicyDocument.self, "SELECT document FROM node_policies WHERE org = ? AND node = ?", [.text(org), .text(node)])
    }

    func putNodePolicy(_ org: String, _ node: String, _ policy: NodePolicyDocument) throws {
        try database.execute(
            """
            INSERT INTO node_policies (org, node, document) VALUES (?, ?, ?)
            ON CONFLICT (org, node) DO UPDATE SET document = excluded.document
            """, [.text(org), .text(node), .text(try text(policy))])
    }

    func deleteNodePolicy(_ org: String, _ node: String) throws -> Bool {
        try database.execute("DELETE FROM node_policies WHERE org = ? AND node = ?", [.text(org), .text(node)]) > 0
    }
}
