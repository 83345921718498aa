import CSQLite

extension Database {
    /// Whether a transaction is under way. After a full disk or a failed write SQLite may have rolled back by itself.
    package var isInTransaction: Bool { locked { sqlite3_get_autocommit(handle) == 0 } }

    /// Runs `body` as one transaction: all of it is durable when this returns, and nothing of it happened when it throws.
    ///
    /// It begins `IMMEDIATE`, so that waiting for another process's lock happens here and not in the middle. Transactions do not nest;
    /// ``savepoint(orThrow:_:)`` is for parts of one.
    package func transaction<T>(_ body: () throws(SQLiteError) -> T) throws(SQLiteError) -> T {
        try transaction(orThrow: { error in error }, body)
    }

    /// The same for a body with errors of its own kind.
    /// - Parameter convert: makes such an error of one of beginning or committing.
    package func transaction<T, E: Error>(orThrow convert: (SQLiteError) -> E, _ body: () throws(E) -> T) throws(E) -> T {
        try between("BEGIN IMMEDIATE", "COMMIT", orThrow: convert, body) { rollBack() }
    }

    /// Lets `body` read one state, whatever others commit meanwhile. It waits for no writer.
    /// - Parameter convert: makes an error of its kind of one of beginning or ending.
    package func snapshot<T, E: Error>(orThrow convert: (SQLiteError) -> E, _ body: () throws(E) -> T) throws(E) -> T {
        try between("BEGIN", "COMMIT", orThrow: convert, body) { rollBack() }
    }

    /// Runs `body` as a part of a transaction: when it throws, nothing of it happened, and the transaction goes on.
    ///
    /// Only where SQLite had to give up the whole transaction it does not; ``isInTransaction`` tells that afterwards.
    /// - Parameter convert: makes an error of its kind of one of beginning or ending the part.
    package func savepoint<T, E: Error>(orThrow convert: (SQLiteError) -> E, _ body: () throws(E) -> T) throws(E) -> T {
        try between("SAVEPOINT part", "RELEASE part", orThrow: convert, body) {
            guard sqlite3_get_autocommit(handle) == 0 else { return }
            do throws(SQLiteError) {
                try execute("ROLLBACK TO part")
                try execute("RELEASE part")
            } catch {
                // Half a part must not be committed with the rest.
                rollBack()
            }
        }
    }

    private func between<T, E: Error>(
        _ begin: String, _ end: String, orThrow convert: (SQLiteError) -> E, _ body: () throws(E) -> T, takeBack: () -> Void
    ) throws(E) -> T {
        try locked { () throws(E) -> T in
            do throws(SQLiteError) { try execute(begin) } catch { throw convert(error) }
            let result: T
            do throws(E) {
                result = try body()
            } catch {
                takeBack()
                throw error
            }
            do throws(SQLiteError) {
                try execute(end)
            } catch {
                takeBack()
                throw convert(error)
            }
            return result
        }
    }

    private func rollBack() {
        if sqlite3_get_autocommit(handle) == 0 { _ = try? execute("ROLLBACK") }
    }
}
