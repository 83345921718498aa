import ExchangeModel
import FoundationEssentials
import SQLite

/// The tables inside one transaction. Only ever used by the thread that began it.
struct SQLiteSession: HubWriting {
    let database: Database

    /// Text of a document, as it lies in a table.
    func text(_ document: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(document), as: UTF8.self)
    }

    /// The document in a column.
    func document<Document: Decodable>(_ type: Document.Type, _ text: String) throws -> Document {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    /// The documents in column `document`, by the text in the named column.
    func documents<Document: Decodable>(
        _ type: Document.Type, by key: String, _ sql: String, _ values: [Value]
    ) throws -> [String: Document] {
        var documents: [String: Document] = [:]
        for row in try database.query(sql, values) { documents[try row.text(key)] = try document(type, row.text("document")) }
        return documents
    }

    /// The document in column `document` of the first row.
    func firstDocument<Document: Decodable>(_ type: Document.Type, _ sql: String, _ values: [Value]) throws -> Document? {
        try database.queryFirst(sql, values).map { row in try document(type, row.text("document")) }
    }

    func probe() throws {
        try database.execute("INSERT INTO probes (only, count) VALUES (1, 1) ON CONFLICT (only) DO UPDATE SET count = count + 1")
    }

    /// The first row's first text.
    func firstText(_ sql: String, _ values: [Value]) throws -> String? { try database.queryFirst(sql, values)?.values.first?.text }

    /// The first row's first number; 0 without one.
    func number(_ sql: String, _ values: [Value] = []) throws -> Int64 {
        try database.queryFirst(sql, values)?.values.first?.integer ?? 0
    }
}
