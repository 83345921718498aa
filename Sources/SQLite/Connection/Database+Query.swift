import CSQLite

extension Database {
    /// Pages that this connection has written to the disk, or to its log, since it was opened. A transaction that leaves everything as it
    /// is writes none, whatever its statements say.
    package var pagesWritten: Int {
        var (current, highest): (Int32, Int32) = (0, 0)
        locked { _ = sqlite3_db_status(handle, SQLITE_DBSTATUS_CACHE_WRITE, &current, &highest, 0) }
        return Int(current)
    }

    /// Runs one statement and drops rows that it may give.
    /// - Returns: the number of rows that it inserted, changed or deleted.
    @discardableResult
    package func execute(_ sql: String, _ values: [Value] = []) throws(SQLiteError) -> Int {
        try withStatement(sql) { statement throws(SQLiteError) in
            let before = sqlite3_total_changes64(handle)
            try statement.bind(values)
            while try statement.step() {}
            // SQLite keeps the count of an earlier statement when this one changed nothing.
            return sqlite3_total_changes64(handle) == before ? 0 : Int(sqlite3_changes64(handle))
        }
    }

    /// Runs every statement of a text, none of which takes a value. For schemas; without ``transaction(_:)`` it can stop halfway.
    package func executeScript(_ sql: String) throws(SQLiteError) {
        try locked { () throws(SQLiteError) in
            var rest = Array(sql.utf8)[...]
            while let raw = try Statement.prepareFirst(&rest, sql, self) {
                defer { sqlite3_finalize(raw) }
                var code = sqlite3_step(raw)
                while code == SQLITE_ROW { code = sqlite3_step(raw) }
                guard code == SQLITE_DONE else { throw lastError(sql) }
            }
        }
    }

    /// All rows of the answer.
    package func query(_ sql: String, _ values: [Value] = []) throws(SQLiteError) -> [Row] {
        var rows: [Row] = []
        try forEachRow(sql, values) { row in
            rows.append(row)
            return true
        }
        return rows
    }

    /// The first row of the answer, nil without one.
    package func queryFirst(_ sql: String, _ values: [Value] = []) throws(SQLiteError) -> Row? {
        var first: Row?
        try forEachRow(sql, values) { row in
            first = row
            return false
        }
        return first
    }

    /// Hands over the rows one by one, so that a long answer needs the memory of one row. The lock is held meanwhile.
    /// - Parameter body: false ends it.
    package func forEachRow(
        _ sql: String, _ values: [Value] = [], _ body: (Row) throws(SQLiteError) -> Bool
    ) throws(SQLiteError) {
        try withStatement(sql) { statement throws(SQLiteError) in
            try statement.bind(values)
            while try statement.step() {
                guard try body(try statement.row()) else { return }
            }
        }
    }

    /// The row id of the latest insert on this connection. Ask inside the transaction of that insert.
    package var lastInsertedRowID: Int64 { locked { sqlite3_last_insert_rowid(handle) } }
}
