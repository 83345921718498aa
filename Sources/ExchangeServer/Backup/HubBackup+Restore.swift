import Glibc
import SQLite

extension HubBackup {
    /// More changes than a hub makes between a backup and its restore.
    private static let changesForgottenMax: Int64 = 1_000_000_000

    /// Puts a backup where a hub can start.
    /// - Parameter root: Must not be there, or be empty; nothing is overwritten.
    /// - Returns: A sentence for people.
    /// - Throws: ``ServeFailure`` and others, each with a sentence. A hub does not start on what was put there so far.
    package static func restore(_ backup: String, to root: String) throws -> String {
        let (source, copy) = (CopiedFolder(backup), CopiedFolder(root))
        try source.requireWhole()
        if access(source.database, F_OK) != 0 { throw ServeFailure("there is no backup in '\(backup)': it has no exchange.db") }
        let lock = try HubFolder(path: root).lock()
        defer { withExtendedLifetime(lock) {} }
        try copy.begin(besides: ["lock"])
        for (from, to) in [(source.database, copy.database), (source.secret, copy.secret)] {
            guard try CopiedFolder.copy(from, to: to) else {
                throw ServeFailure("the backup '\(backup)' is not whole: '\(from)' is missing")
            }
        }
        try requireSecret(of: source)
        let files = try dataFiles(of: copy)
        if let name = try missing(files, in: source, copy) {
            throw ServeFailure("the backup '\(backup)' is not whole: the object data 'objects/\(name)' is missing")
        }
        try requireRight(files, in: copy, of: source)
        try raiseChangeNumbers(copy)
        try copy.finish()
        return "The hub in '\(root)' is as it was: the database and \(files.count) files of object data."
    }

    /// Readers have seen changes that the backup knows nothing of. New ones get higher numbers, otherwise these readers would not see them.
    private static func raiseChangeNumbers(_ copy: CopiedFolder) throws {
        let database = try Database.open(path: copy.database)
        try database.transaction { () throws(SQLiteError) in
            let number = [Value.integer(changesForgottenMax)]
            if try database.execute("UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'changes'", number) > 0 { return }
            // SQLite makes the row with the first change, and the backup may know of none.
            try database.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('changes', ?)", number)
        }
    }
}
