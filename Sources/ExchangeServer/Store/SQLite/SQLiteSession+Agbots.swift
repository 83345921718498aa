import ExchangeModel
import SQLite
import UpgradeModel
import UpgradeWire

extension SQLiteSession {
    func agbot(_ org: String, _ id: String) throws -> HubAgbot? {
        let sql = "SELECT document, token_hash, last_heartbeat FROM agbots WHERE org = ? AND id = ?"
        return try database.queryFirst(sql, [.text(org), .text(id)]).map { row in
            var agbot = try document(AgbotDocument.self, row.text("document"))
            agbot.lastHeartbeat = try row.text("last_heartbeat")
            return HubAgbot(document: agbot, tokenHash: try row.text("token_hash"))
        }
    }

    func agbotTokenHash(_ org: String, _ id: String) throws -> String? {
        try firstText("SELECT token_hash FROM agbots WHERE org = ? AND id = ?", [.text(org), .text(id)])
    }

    func putAgbot(_ org: String, _ id: String, _ agbot: HubAgbot) throws {
        try database.execute(
            """
            INSERT INTO agbots (org, id, owner, last_heartbeat, document, token_hash) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (org, id) DO UPDATE SET owner = excluded.owner, last_heartbeat = excluded.last_heartbeat,
            document = excluded.document, token_hash = excluded.token_hash
            """,
            [
                .text(org), .text(id), .text(agbot.document.owner), .text(agbot.document.lastHeartbeat),
                .text(try text(agbot.document)), .text(agbot.tokenHash),
            ])
    }

    func deleteAgbot(_ org: String, _ id: String) throws -> Bool {
        try database.execute("DELETE FROM agbots WHERE org = ? AND id = ?", [.text(org), .text(id)]) > 0
    }

    func touchAgbot(_ org: String, _ id: String, at time: UTCInstant) throws -> Bool {
        try database.execute(
            "UPDATE agbots SET last_heartbeat = ? WHERE org = ? AND id = ?",
            [.text(time.rfc3339(fractionDigits: 6)), .text(org), .text(id)]) > 0
    }
}
