import ExchangeModel
import SQLite
import UpgradeWire

extension SQLiteSession {
    func nodeStatus(_ org: String, _ node: String) throws -> NodeStatusDocument? {
        try firstDocument(
            NodeStatusDocument.self, "SELECT document FROM node_statuses WHERE org = ? AND node = ?", [.text(org), .text(node)])
    }

    func putNodeStatus(_ org: String, _ node: String, _ status: NodeStatusDocument) throws {
        try database.execute(
            """
            INSERT INTO node_statuses (org, node, document) VALUES (?, ?, ?)
            ON CONFLICT (org, node) DO UPDATE SET document = excluded.document
            """, [.text(org), .text(node), .text(try text(status))])
    }

    func deleteNodeStatus(_ org: String, _ node: String) throws -> Bool {
        try database.execute("DELETE FROM node_statuses WHERE org = ? AND node = ?", [.text(org), .text(node)]) > 0
    }

    func nodeErrors(_ org: String, _ node: String) throws -> NodeErrorsDocument? {
        try firstDocument(
            NodeErrorsDocument.self, "SELECT document FROM node_errors WHERE org = ? AND node = ?", [.text(org), .text(node)])
    }

    func putNodeErrors(_ org: String, _ node: String, _ errors: NodeErrorsDocument) throws {
        try database.execute(
            """
            INSERT INTO node_errors (org, node, document) VALUES (?, ?, ?)
            ON CONFLICT (org, node) DO UPDATE SET document = excluded.document
            """, [.text(org), .text(node), .text(try text(errors))])
    }

    func deleteNodeErrors(_ org: String, _ node: String) throws -> Bool {
        try database.execute("DELETE FROM node_errors WHERE org = ? AND node = ?", [.text(org), .text(node)]) > 0
    }
}
