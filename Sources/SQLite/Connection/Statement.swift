import CSQLite

/// A prepared statement. Used only under the lock of its ``Database``, whose end it never outlives.
final class Statement {
    let sql: String
    private let raw: OpaquePointer
    private unowned let database: Database
    private(set) var columns: Row.Columns

    /// Prepares exactly one statement.
    init(_ sql: String, _ database: Database) throws(SQLiteError) {
        var rest = Array(sql.utf8)[...]
        guard let raw = try Statement.prepareFirst(&rest, sql, database) else {
            throw SQLiteError(.other, "there is no statement in the text", sql: sql, path: database.path)
        }
        self.sql = sql
        self.raw = raw
        self.database = database
        columns = Row.Columns(names: [], sql: sql, path: database.path)
        if let second = try Statement.prepareFirst(&rest, sql, database) {
            sqlite3_finalize(second)
            throw SQLiteError(.other, "the text holds more than one statement; use executeScript", sql: sql, path: database.path)
        }
    }

    deinit { sqlite3_finalize(raw) }

    /// Prepares what stands first in `rest` and takes it off; nil when only blanks and comments are left.
    static func prepareFirst(_ rest: inout ArraySlice<UInt8>, _ sql: String, _ database: Database) throws(SQLiteError) -> OpaquePointer? {
        if rest.contains(0) { throw SQLiteError(.other, "the text holds a NUL byte", sql: sql, path: database.path) }
        guard !rest.isEmpty else { return nil }
        let count = Int32(clamping: rest.count)
        var raw: OpaquePointer?
        var used = 0
        let code = rest.withUnsafeBytes { bytes in
            let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            var tail: UnsafePointer<CChar>?
            let code = sqlite3_prepare_v3(database.handle, start, count, UInt32(SQLITE_PREPARE_PERSISTENT), &raw, &tail)
            if let start, let tail { used = tail - start }
            return code
        }
        guard code == SQLITE_OK else { throw database.lastError(sql) }
        rest = rest.dropFirst(used)
        return raw
    }

    /// Binds all values; as many as the statement has places, because a forgotten one would be `NULL` in silence.
    func bind(_ values: [Value]) throws(SQLiteError) {
        let places = Int(sqlite3_bind_parameter_count(raw))
        guard places == values.count else {
            let message = "the statement has \(places) places, \(values.count) values were given"
            throw SQLiteError(.other, message, sql: sql, path: database.path)
        }
        for (place, value) in zip(Int32(1)..., values) where bind(value, at: place) != SQLITE_OK {
            throw database.lastError(sql)
        }
    }

    private func bind(_ value: Value, at place: Int32) -> Int32 {
        switch value {
        case .null: sqlite3_bind_null(raw, place)
        case .integer(let number): sqlite3_bind_int64(raw, place, number)
        case .real(let number): sqlite3_bind_double(raw, place, number)
        case .text(var text): text.withUTF8 { uplift_sqlite_bind_text(raw, place, $0.baseAddress ?? Self.nothing, UInt64($0.count)) }
        case .blob(let bytes): bytes.withUnsafeBytes { uplift_sqlite_bind_blob(raw, place, $0.baseAddress, UInt64($0.count)) }
        }
    }

    /// Goes on to the next row; false at the end.
    func step() throws(SQLiteError) -> Bool {
        switch sqlite3_step(raw) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw database.lastError(sql)
        }
    }

    /// The row that ``step()`` stands on.
    func row() throws(SQLiteError) -> Row {
        let count = sqlite3_column_count(raw)
        // The columns of a cached `SELECT *` change with the schema.
        if columns.names.count != Int(count) { columns = readColumns(count) }
        var values: [Value] = []
        values.reserveCapacity(Int(count))
        for column in 0..<count { values.append(try value(column)) }
        return Row(values: values, columns: columns)
    }

    /// Makes it ready for its next use.
    func clear() {
        sqlite3_reset(raw)
        sqlite3_clear_bindings(raw)
        columns = Row.Columns(names: [], sql: sql, path: database.path)
    }

    private func readColumns(_ count: Int32) -> Row.Columns {
        let names = (0..<count).map { sqlite3_column_name(raw, $0).map { String(cString: $0) } ?? "" }
        return Row.Columns(names: names, sql: sql, path: database.path)
    }

    private func value(_ column: Int32) throws(SQLiteError) -> Value {
        switch sqlite3_column_type(raw, column) {
        case SQLITE_NULL: return .null
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(raw, column))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(raw, column))
        case SQLITE_TEXT:
            guard let start = sqlite3_column_text(raw, column) else { throw database.lastError(sql) }
            let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(raw, column)))
            return .text(String(decoding: bytes, as: UTF8.self))
        default:
            let start = sqlite3_column_blob(raw, column)
            return .blob([UInt8](UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(raw, column)))))
        }
    }

    /// An address for texts without bytes: a null pointer would bind `NULL`.
    private nonisolated(unsafe) static let nothing = UnsafePointer(UnsafeMutablePointer<UInt8>.allocate(capacity: 1))
}
