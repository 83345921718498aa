/// One change of the schema. A migration that was released is never edited, moved or dropped: the next one is appended.
package struct Migration: Sendable {
    /// Its name for good; it is what the database remembers.
    package let name: String
    /// The statements.
    package let sql: String

    /// Memberwise.
    package init(_ name: String, _ sql: String) {
        self.name = name
        self.sql = sql
    }
}

extension Database {
    /// Brings the schema up to the last of the migrations, in one transaction: after a power cut the old schema or the new one stands.
    /// - Parameter migrations: all of them, in their order for good.
    /// - Throws: kind `newerVersion` when the database remembers a name that is not among them.
    package func migrate(_ migrations: [Migration]) throws(SQLiteError) {
        try transaction { () throws(SQLiteError) in
            try execute("CREATE TABLE IF NOT EXISTS migrations (position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT")
            let done = try query("SELECT name FROM migrations ORDER BY position").map { row throws(SQLiteError) in try row.text("name") }
            try refuseForeign(done, migrations.map(\.name))
            for (position, migration) in migrations.enumerated().dropFirst(done.count) {
                try executeScript(migration.sql)
                try execute("INSERT INTO migrations VALUES (?, ?)", [.integer(Int64(position)), .text(migration.name)])
            }
        }
    }

    private func refuseForeign(_ done: [String], _ known: [String]) throws(SQLiteError) {
        if let unknown = done.first(where: { !known.contains($0) }) {
            let message =
                "it was written by a newer version: it has the migration \(unknown), this program knows up to \(known.last ?? "none")"
            throw SQLiteError(.newerVersion, message, path: path)
        }
        guard known.starts(with: done) else {
            let message = "its migrations are \(done), which does not begin the list of this program: \(known); released ones were moved"
            throw SQLiteError(.other, message, path: path)
        }
    }
}
