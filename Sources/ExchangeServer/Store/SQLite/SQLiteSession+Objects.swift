import ExchangeModel
import SQLite
import UpgradeWire

extension SQLiteSession {
    private static let columns = "metadata, status, data_file, entity_tag, pending_signature"

    func object(_ org: String, _ type: String, _ id: String) throws -> HubObject? {
        try objectRows("WHERE org = ? AND type = ? AND id = ?", [.text(org), .text(type), .text(id)]).first
    }

    func objects(_ org: String) throws -> [HubObject] {
        try objectRows("WHERE org = ? ORDER BY type, id", [.text(org)])
    }

    func dataFiles() throws -> Set<String> {
        let rows = try database.query("SELECT data_file FROM objects WHERE data_file IS NOT NULL")
        return Set(try rows.map { try $0.text("data_file") })
    }

    func putObject(_ object: HubObject) throws {
        let meta = object.metadata
        try database.execute(
            """
            INSERT INTO objects (org, type, id, \(Self.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (org, type, id) DO UPDATE SET metadata = excluded.metadata, status = excluded.status,
            data_file = excluded.data_file, entity_tag = excluded.entity_tag, pending_signature = excluded.pending_signature
            """,
            [
                .text(meta.destinationOrgID), .text(meta.objectType), .text(meta.objectID), .text(try text(meta)),
                .text(object.status.rawValue), Value(object.dataFile), .text(object.entityTag),
                Value(try object.pendingSignature.map { try text($0) }),
            ])
    }

    func deleteObject(_ org: String, _ type: String, _ id: String) throws -> Bool {
        try database.execute("DELETE FROM objects WHERE org = ? AND type = ? AND id = ?", [.text(org), .text(type), .text(id)]) > 0
    }

    private func objectRows(_ clause: String, _ values: [Value]) throws -> [HubObject] {
        try database.query("SELECT \(Self.columns) FROM objects \(clause)", values).map { row in
            HubObject(
                metadata: try document(ObjectMetadataDocument.self, row.text("metadata")),
                status: HubObject.Status(rawValue: try row.text("status")) ?? .notReady,
                dataFile: try row.optionalText("data_file"), entityTag: try row.text("entity_tag"),
                pendingSignature: try row.optionalText("pending_signature").map { try document(ObjectSignature.self, $0) })
        }
    }
}
