import SQLite
import UpgradeModel

/// One row of a `StoredTable` with its bytes as they lie in the file, not yet believed.
struct StoredRow {
    /// The row id.
    let number: Int64
    /// Nil when the table has no policy, or its name is not UTF-8.
    let policy: PolicyID?
    private let text: [UInt8]

    /// The statement whose rows this reads. Casts, because reading a text as text would mend bytes that are not UTF-8 in silence.
    static func selection(from table: StoredTable) -> String {
        let policy = table.hasPolicy ? "CAST(org AS BLOB) AS org, CAST(name AS BLOB) AS name, " : ""
        return "SELECT rowid AS number, \(policy)CAST(\(table.textColumn) AS BLOB) AS text FROM \(table.rawValue)"
    }

    /// Takes the columns of `selection`.
    init(_ row: Row) {
        number = row["number"]?.integer ?? 0
        text = row["text"]?.blob ?? []
        let parts = ["org", "name"].compactMap { row[$0]?.blob }.compactMap { String(validating: $0, as: UTF8.self) }
        policy = parts.count == 2 ? PolicyID(org: parts[0], name: parts[1]) : nil
    }

    /// The value of its text.
    func content<Content: Decodable>() throws(StoredText.Unreadable) -> Content {
        try StoredText.read(text)
    }

    /// Its policy, in a table that has one.
    func knownPolicy() throws(StoredText.Unreadable) -> PolicyID {
        guard let policy else { throw StoredText.Unreadable(reason: "the name of its policy is not UTF-8") }
        return policy
    }
}
