import CSQLite

/// What went wrong in SQLite, with what was tried. It never holds a bound value, which may be secret.
package struct SQLiteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reasons on which callers act differently.
    package enum Kind: String, Hashable, Sendable {
        /// Another connection holds the lock, and the busy timeout is over.
        case busy
        /// The disk, or the page limit, is full.
        case full
        /// The file is damaged.
        case corrupt
        /// The file is no database at all.
        case notADatabase
        /// A rule of the schema refused the statement; the extended code says which.
        case constraint
        /// The file, its folder or the connection does not take writes.
        case readOnly
        /// The file cannot be opened or made.
        case cannotOpen
        /// Reading or writing failed below SQLite.
        case io
        /// The settings read back do not promise that a commit survives a power cut.
        case notDurable
        /// The file was written by a newer version of this program.
        case newerVersion
        /// A column is absent, or holds another storage class than asked for.
        case mismatch
        /// Anything else: wrong SQL, wrong number of values, no memory.
        case other
    }

    /// Which rule of the schema refused.
    package enum Constraint: Hashable, Sendable {
        /// A `UNIQUE` rule.
        case unique
        /// The primary key, or the row id, exists already.
        case primaryKey
        /// A row that is referred to is missing, or is still referred to.
        case foreignKey
        /// A `NOT NULL` column got `NULL`.
        case notNull
        /// A `CHECK` rule.
        case check
        /// A rule of another sort.
        case other
    }

    /// Why, in one notion.
    package let kind: Kind
    /// SQLite's primary result code, 0 when the error is ours.
    package let code: Int32
    /// SQLite's extended result code, 0 when the error is ours.
    package let extendedCode: Int32
    /// SQLite's words, or ours.
    package let message: String
    /// The statement, when one was involved.
    package let sql: String?
    /// The file of the database.
    package let path: String

    /// An error of our own.
    init(_ kind: Kind, _ message: String, sql: String? = nil, path: String) {
        self.kind = kind
        code = SQLITE_OK
        extendedCode = SQLITE_OK
        self.message = message
        self.sql = sql
        self.path = path
    }

    /// An error of SQLite.
    init(extendedCode: Int32, message: String, sql: String? = nil, path: String) {
        code = extendedCode & 0xff
        self.extendedCode = extendedCode
        kind = Self.kind(of: code)
        self.message = message
        self.sql = sql
        self.path = path
    }

    /// Which rule refused; nil when the kind is not `constraint`.
    package var constraint: Constraint? {
        guard kind == .constraint else { return nil }
        return switch extendedCode {
        case uplift_sqlite_unique: .unique
        case uplift_sqlite_primary_key, uplift_sqlite_row_id: .primaryKey
        case uplift_sqlite_foreign_key: .foreignKey
        case uplift_sqlite_not_null: .notNull
        case uplift_sqlite_check: .check
        default: .other
        }
    }

    package var description: String {
        let codes = code == SQLITE_OK ? "" : " (SQLite code \(code), extended \(extendedCode))"
        let statement = sql.map { ", statement: \($0.prefix(400))" } ?? ""
        return "database \(path): \(message)\(codes)\(statement)"
    }

    private static func kind(of code: Int32) -> Kind {
        switch code {
        case SQLITE_BUSY, SQLITE_LOCKED: .busy
        case SQLITE_FULL: .full
        case SQLITE_CORRUPT: .corrupt
        case SQLITE_NOTADB: .notADatabase
        case SQLITE_CONSTRAINT: .constraint
        case SQLITE_READONLY: .readOnly
        case SQLITE_CANTOPEN: .cannotOpen
        case SQLITE_IOERR: .io
        default: .other
        }
    }
}
