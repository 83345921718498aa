import SQLite
import UpgradeModel
import UpgradePorts

/// The databases of releases below the state folder.
///
/// A file that is there and holds nothing is damaged, never empty: a store that starts empty in silence would forget the version floor
/// (install.md, "A damaged or missing database"). The files are made, renamed and synced here and by SQLite, not through the `FileTree`
/// door; SQLite needs paths.
package struct SQLiteStoreOpener: StoreOpener {
    private let stateFolder: String
    private let alone: Bool

    /// Bytes of the smallest page that SQLite's format knows.
    private static let shortestPage = 512

    /// - Parameters:
    ///   - stateFolder: absolute path; must exist.
    ///   - alone: true where a lock keeps everybody else away, as on a node: a database then needs no side file to be opened, and an agent
    ///     comes up on a full disk too.
    package init(stateFolder: String, alone: Bool = false) {
        self.stateFolder = stateFolder
        self.alone = alone
    }

    package func open(_ path: TreePath) throws(StoreError) -> any Store {
        let file = try existing(path, to: "open")
        let database = try sound(file, to: "open", readOnly: false)
        try StoreError.translating("migrate") { () throws(SQLiteError) in try database.migrate(StoredSchema.migrations) }
        return try SQLiteStore(database)
    }

    package func create(_ path: TreePath) throws(StoreError) -> any Store {
        let file = files(path)
        guard try file.length() == nil else {
            throw StoreError(.exists, "cannot create the database \(file.path): a file is there already")
        }
        // Side files of a lost database would be replayed into the new one.
        _ = try file.setAside()
        let draft = DatabaseFiles(path: file.path + ".new")
        try draft.remove()
        try StoreError.translating("create") { () throws(SQLiteError) in
            let empty = try Database.inMemory()
            try empty.migrate(StoredSchema.migrations)
            try empty.backup(to: draft.path)
        }
        try file.take(from: draft)
        return try open(path)
    }

    package func setAside(_ path: TreePath) throws(StoreError) -> TreePath {
        let file = files(path)
        guard try file.length() != nil, let number = try file.setAside() else { throw missing(file, to: "set aside") }
        return path.parent.appending(DatabaseFiles.damaged(path.name, number))
    }

    package func copy(_ path: TreePath, to target: TreePath) throws(StoreError) {
        guard path != target else { throw StoreError(.other, "cannot copy the database \(path) to itself") }
        let file = try existing(path, to: "copy")
        // Read only, so that closing does not fold the log into the file: the way back must find the old database untouched (an empty log
        // and a `-shm` may stay beside it).
        let source = try sound(file, to: "copy", readOnly: true)
        try files(target).remove()
        try StoreError.translating("copy") { () throws(SQLiteError) in try source.backup(to: files(target).path) }
    }

    private func existing(_ path: TreePath, to verb: String) throws(StoreError) -> DatabaseFiles {
        let file = files(path)
        guard let length = try file.length() else { throw missing(file, to: verb) }
        // SQLite takes a file without a first page for a new database, writes one, and deletes the log beside it.
        guard length >= Self.shortestPage else {
            throw StoreError(.damaged, "cannot \(verb) the database \(file.path): it has \(length) bytes, fewer than any database")
        }
        return file
    }

    /// A connection to a file that is whole and ours.
    private func sound(_ file: DatabaseFiles, to verb: String, readOnly: Bool) throws(StoreError) -> Database {
        let (database, hasTables) = try StoreError.translating(verb) { () throws(SQLiteError) in
            let database = try Database.open(path: file.path, readOnly: readOnly, alone: alone && !readOnly)
            try database.quickCheck()
            return (database, try database.queryFirst("SELECT 1 FROM sqlite_schema WHERE name = 'migrations'") != nil)
        }
        guard hasTables else {
            throw StoreError(.damaged, "cannot \(verb) the database \(file.path): it does not hold the tables of an agent")
        }
        return database
    }

    private func missing(_ file: DatabaseFiles, to verb: String) -> StoreError {
        StoreError(.missing, "cannot \(verb) the database \(file.path): there is no file")
    }

    private func files(_ path: TreePath) -> DatabaseFiles {
        DatabaseFiles(path: stateFolder + "/" + path.text)
    }
}
