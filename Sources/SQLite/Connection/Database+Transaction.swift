import CSQLite

extension Database {
    /// Runs `body` as one transaction: all of it is durable when this returns, and nothing of it happened when it throws.
    ///
    /// It begins `IMMEDIATE`, so that waiting for another process's lock happens here and not in the middle. Transactions do not nest.
    package func transaction<T>(_ body: () throws(SQLiteError) -> T) throws(SQLiteError) -> T {
        try transaction(orThrow: { error in error }, body)
    }

    /// The same for a body with errors of its own kind.
    /// - Parameter convert: makes such an error of one of beginning or committing.
    package func transaction<T, E: Error>(orThrow convert: (SQLiteError) -> E, _ body: () throws(E) -> T) throws(E) -> T {
        try locked { () throws(E) -> T in
            do throws(SQLiteError) { try execute("BEGIN IMMEDIATE") } catch { throw convert(error) }
            let result: T
            do throws(E) {
                result = try body()
            } catch {
                rollBack()
                throw error
            }
            do throws(SQLiteError) {
                try execute("COMMIT")
            } catch {
                rollBack()
                throw convert(error)
            }
            return result
        }
    }

    /// After a full disk or a failed write SQLite may have rolled back by itself.
    private func rollBack() {
        if sqlite3_get_autocommit(handle) == 0 { _ = try? execute("ROLLBACK") }
    }
}
