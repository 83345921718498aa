import ExchangeModel
import SQLite
import UpgradeWire

extension SQLiteSession {
    func user(_ org: String, _ id: String) throws -> HubUser? {
        let sql = "SELECT document, password_hash FROM users WHERE org = ? AND id = ?"
        return try database.queryFirst(sql, [.text(org), .text(id)]).map { row in
            HubUser(document: try document(UserDocument.self, row.text("document")), passwordHash: try row.text("password_hash"))
        }
    }

    func users(_ org: String) throws -> [String: UserDocument] {
        try documents(UserDocument.self, by: "id", "SELECT id, document FROM users WHERE org = ?", [.text(org)])
    }

    func putUser(_ org: String, _ id: String, _ user: HubUser) throws {
        try database.execute(
            """
            INSERT INTO users (org, id, document, password_hash) VALUES (?, ?, ?, ?) ON CONFLICT (org, id) DO UPDATE
            SET document = excluded.document, password_hash = excluded.password_hash
            """,
            [.text(org), .text(id), .text(try text(user.document)), .text(user.passwordHash)])
    }

    func deleteUser(_ org: String, _ id: String) throws -> Bool {
        for table in ["nodes", "agbots"] { try database.execute("DELETE FROM \(table) WHERE owner = ?", [.text("\(org)/\(id)")]) }
        return try database.execute("DELETE FROM users WHERE org = ? AND id = ?", [.text(org), .text(id)]) > 0
    }
}
