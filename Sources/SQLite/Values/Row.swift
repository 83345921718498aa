/// One row of an answer, copied out of SQLite: it stays good after the statement went on.
package struct Row: Sendable {
    /// The columns' values, in the order of the query.
    package let values: [Value]
    /// What the rows of one answer share.
    let columns: Columns

    /// The names of an answer's columns, looked up once for all its rows.
    final class Columns: Sendable {
        let names: [String]
        let sql: String
        let path: String

        init(names: [String], sql: String, path: String) {
            self.names = names
            self.sql = sql
            self.path = path
        }
    }

    /// The value of the column with that name; nil when the answer has no such column.
    package subscript(name: String) -> Value? {
        columns.names.firstIndex(of: name).map { values[$0] }
    }

    /// The whole number in that column.
    /// - Throws: ``SQLiteError`` of kind `mismatch` when it holds anything else, which a sound file never does.
    package func integer(_ name: String) throws(SQLiteError) -> Int64 {
        try wanted(name, "integer", \.integer)
    }

    /// The floating-point number in that column.
    package func real(_ name: String) throws(SQLiteError) -> Double {
        try wanted(name, "real", \.real)
    }

    /// The text in that column.
    package func text(_ name: String) throws(SQLiteError) -> String {
        try wanted(name, "text", \.text)
    }

    /// The bytes in that column.
    package func blob(_ name: String) throws(SQLiteError) -> [UInt8] {
        try wanted(name, "blob", \.blob)
    }

    /// The whole number in that column, nil for `NULL`.
    package func optionalInteger(_ name: String) throws(SQLiteError) -> Int64? {
        self[name] == .null ? nil : try integer(name)
    }

    /// The text in that column, nil for `NULL`.
    package func optionalText(_ name: String) throws(SQLiteError) -> String? {
        self[name] == .null ? nil : try text(name)
    }

    /// The bytes in that column, nil for `NULL`.
    package func optionalBlob(_ name: String) throws(SQLiteError) -> [UInt8]? {
        self[name] == .null ? nil : try blob(name)
    }

    private func wanted<T>(_ name: String, _ kind: String, _ read: (Value) -> T?) throws(SQLiteError) -> T {
        guard let value = self[name] else {
            let found = columns.names.joined(separator: ", ")
            throw SQLiteError(.mismatch, "the answer has no column \(name), only: \(found)", sql: columns.sql, path: columns.path)
        }
        guard let result = read(value) else {
            let message = "column \(name) holds \(value.kindName), expected \(kind)"
            throw SQLiteError(.mismatch, message, sql: columns.sql, path: columns.path)
        }
        return result
    }
}
