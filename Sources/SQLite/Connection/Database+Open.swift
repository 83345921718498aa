import CSQLite
import Glibc

extension Database {
    /// SQLite's own limit on Unix, with room for the names of its companion files.
    private static let longestPath = 500

    /// Opens the file, and makes it (mode 0600) when it is absent and may be written.
    /// - Parameters:
    ///   - path: The file; its folder must exist.
    ///   - readOnly: Refuses writes and makes nothing. SQLite still needs to put its `-shm` file beside the database.
    ///   - alone: Nobody else opens it meanwhile, so SQLite needs no `-shm` file: such a database also opens on a full disk.
    ///   - busyMilliseconds: How long to wait for another process's lock.
    package static func open(
        path: String, readOnly: Bool = false, alone: Bool = false, busyMilliseconds: Int32 = 5000
    ) throws(SQLiteError) -> Database {
        try refuseUnusable(path)
        if !readOnly { try makeFile(path) }
        // A leading "./" keeps a name such as "file:x" or ":memory:" a plain file.
        let database = try connect(path.hasPrefix("/") ? path : "./" + path, shown: path, readOnly: readOnly)
        try database.configure(busyMilliseconds)
        // Before the first access in WAL mode; later it would have no effect on the `-shm` file.
        if alone { try database.execute("PRAGMA locking_mode = EXCLUSIVE") }
        if !readOnly { try database.makeDurable() }
        return database
    }

    /// A database that lives in memory and ends with this object. It is never durable.
    package static func inMemory() throws(SQLiteError) -> Database {
        let database = try connect(":memory:", shown: ":memory:", readOnly: false)
        try database.configure(0)
        return database
    }

    /// A new, empty file that a backup is written into; SQLite takes over the source's settings with the pages.
    static func open(forBackup path: String) throws(SQLiteError) -> Database {
        try refuseUnusable(path)
        try makeFile(path)
        return try connect(path.hasPrefix("/") ? path : "./" + path, shown: path, readOnly: false)
    }

    private static func connect(_ name: String, shown path: String, readOnly: Bool) throws(SQLiteError) -> Database {
        let access = readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        var handle: OpaquePointer?
        // The lock of `Database` guards the connection, SQLite need not do it again.
        let code = sqlite3_open_v2(name, &handle, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard let handle else { throw SQLiteError(.other, "no memory to open it", path: path) }
        guard code == SQLITE_OK, let mutex = sqlite3_mutex_alloc(SQLITE_MUTEX_RECURSIVE) else {
            let message = "cannot be opened: " + String(cString: sqlite3_errmsg(handle))
            sqlite3_close_v2(handle)
            throw SQLiteError(extendedCode: code, message: message, path: path)
        }
        return Database(handle: handle, mutex: mutex, path: path)
    }

    private static func refuseUnusable(_ path: String) throws(SQLiteError) {
        if path.isEmpty || path.utf8.contains(0) {
            throw SQLiteError(.cannotOpen, "the path is empty or holds a NUL byte", path: path)
        }
        let length = path.utf8.count
        if length > longestPath {
            let message = "the path has \(length) bytes, SQLite takes at most \(longestPath): choose a shorter folder"
            throw SQLiteError(.cannotOpen, message, path: path)
        }
    }

    /// Databases hold what is nobody else's to read, and SQLite itself would make the file readable for all.
    /// Its companions take over the mode.
    private static func makeFile(_ path: String) throws(SQLiteError) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0o600)
        if descriptor >= 0 {
            close(descriptor)
        } else if errno != EACCES && errno != EROFS && errno != EISDIR {
            // Those three SQLite tells apart better.
            let kind: SQLiteError.Kind = errno == ENOSPC ? .full : .cannotOpen
            throw SQLiteError(kind, "cannot be opened or made: " + String(cString: strerror(errno)), path: path)
        }
    }

    /// Settings of the connection, gone when it closes.
    private func configure(_ busyMilliseconds: Int32) throws(SQLiteError) {
        let wanted: [(Int32, Int32)] = [
            (SQLITE_DBCONFIG_ENABLE_FKEY, 1),
            (SQLITE_DBCONFIG_DEFENSIVE, 1),
            (SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0),
            // A misspelt "column" must be an error, not a text.
            (SQLITE_DBCONFIG_DQS_DML, 0),
            (SQLITE_DBCONFIG_DQS_DDL, 0),
        ]
        try locked { () throws(SQLiteError) in
            for (option, value) in wanted where uplift_sqlite_set_option(handle, option, value) != SQLITE_OK { throw lastError() }
            guard sqlite3_busy_timeout(handle, busyMilliseconds) == SQLITE_OK else { throw lastError() }
        }
    }
}
