import CSQLite
import Glibc

/// One connection to an SQLite database: WAL, `synchronous=FULL`, foreign keys on.
///
/// Any thread may use it. A recursive lock lets one caller in at a time and is held for a whole ``transaction(_:)``, so a transaction
/// of one thread never mixes with a statement of another. Calls block for as long as the disk and another process's lock take.
/// `@unchecked Sendable`: every access to the connection and to the statements goes through ``locked(_:)``.
package final class Database: @unchecked Sendable {
    /// The file, or `:memory:`.
    package let path: String
    let handle: OpaquePointer
    private let mutex: OpaquePointer
    private var idleStatements: [String: Statement] = [:]

    /// So many prepared statements are kept; more than any of our programs has.
    private static let statementLimit = 128

    init(handle: OpaquePointer, mutex: OpaquePointer, path: String) {
        self.handle = handle
        self.mutex = mutex
        self.path = path
    }

    deinit {
        idleStatements.removeAll()
        sqlite3_close_v2(handle)
        sqlite3_mutex_free(mutex)
    }

    /// Runs one caller at a time; the same thread may enter again.
    func locked<T, E: Error>(_ body: () throws(E) -> T) throws(E) -> T {
        sqlite3_mutex_enter(mutex)
        defer { sqlite3_mutex_leave(mutex) }
        return try body()
    }

    /// What SQLite says about the call that just failed.
    func lastError(_ sql: String? = nil) -> SQLiteError {
        let message = String(cString: sqlite3_errmsg(handle))
        return SQLiteError(extendedCode: sqlite3_extended_errcode(handle), message: message, sql: sql, path: path)
    }

    /// Lends a prepared statement. It leaves the cache meanwhile, so that a callback may run the same SQL.
    func withStatement<T>(_ sql: String, _ body: (Statement) throws(SQLiteError) -> T) throws(SQLiteError) -> T {
        try locked { () throws(SQLiteError) -> T in
            let statement: Statement
            if let idle = idleStatements.removeValue(forKey: sql) {
                statement = idle
            } else {
                statement = try Statement(sql, self)
            }
            defer {
                statement.clear()
                keep(statement)
            }
            return try body(statement)
        }
    }

    /// How many prepared statements wait for their next use.
    package var idleStatementCount: Int { locked { idleStatements.count } }

    private func keep(_ statement: Statement) {
        if idleStatements.count >= Self.statementLimit, let any = idleStatements.keys.first { idleStatements[any] = nil }
        idleStatements[statement.sql] = statement
    }
}
