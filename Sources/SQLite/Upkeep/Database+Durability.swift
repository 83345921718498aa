extension Database {
    /// Asks for write-ahead logging and a sync at every commit. In WAL mode anything below `FULL` loses commits in a power cut.
    func makeDurable() throws(SQLiteError) {
        try execute("PRAGMA journal_mode = WAL")
        try execute("PRAGMA synchronous = FULL")
        try assertDurable()
    }

    /// How far the log grows before a commit folds it into the file, which that commit waits for. SQLite's own is 1,000.
    package func fold(afterPages pages: Int) throws(SQLiteError) { try execute("PRAGMA wal_autocheckpoint = \(pages)") }

    /// Reads the settings back from SQLite, and throws unless a commit survives a power cut. Programs call it once more when they start
    /// to work, because a setting can be lost in silence.
    package func assertDurable() throws(SQLiteError) {
        let mode = try queryFirst("PRAGMA journal_mode")?.values.first?.text ?? "nothing"
        let level = try queryFirst("PRAGMA synchronous")?.values.first?.integer ?? -1
        guard mode == "wal", level == 2 else {
            let message =
                "commits would not survive a power cut: journal_mode is \(mode) and synchronous \(level), expected wal and 2 (full)"
            throw SQLiteError(.notDurable, message, path: path)
        }
    }

    /// Reads the whole file and throws kind `corrupt`, with the first findings, when it is damaged.
    package func quickCheck() throws(SQLiteError) {
        let findings = try query("PRAGMA quick_check(5)").compactMap { $0.values.first?.text }
        guard findings == ["ok"] else {
            throw SQLiteError(.corrupt, "the file is damaged: " + findings.joined(separator: "; "), path: path)
        }
    }
}
