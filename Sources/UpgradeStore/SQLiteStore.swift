import SQLite
import UpgradeModel
import UpgradePorts

/// The agent's memory in one SQLite file: WAL, `synchronous=FULL`, one transaction per commit.
///
/// Any thread may use it; the connection lets one caller in at a time. The side files (`-wal`, `-shm`) are SQLite's own writes and do not
/// go through the `FileTree` door: SQLite's power-cut safety is relied on, and tested by killing processes.
package final class SQLiteStore: Store {
    private let database: Database

    /// A store on a sound, migrated database. Errors: `.other` when a commit would not survive a power cut.
    init(_ database: Database) throws(StoreError) {
        self.database = database
        try StoreError.translating("rely on") { () throws(SQLiteError) in
            try database.assertDurable()
            // A status that is to be committed must not wait long for what a purge has left in the log.
            try database.fold(afterPages: 250)
        }
    }

    package func load() throws(StoreError) -> StoredNode {
        try transaction("load") { () throws(StoreError) in try StoredRows(store: self).node() }
    }

    package func commit(_ changes: [StoreChange]) throws(StoreError) {
        var commands: [Command] = []
        for change in changes { commands += try Command.list(for: change) }
        guard !commands.isEmpty else { return }
        try transaction("commit to") { () throws(StoreError) in
            for command in commands { try execute(command) }
        }
    }

    package func events(max: Int) throws(StoreError) -> [EventLogRow] {
        try rows(.events, Command("ORDER BY rowid DESC LIMIT ?", [.integer(Int64(Swift.max(max, 0)))]))
    }

    package func operations(_ query: OperationQuery) throws(StoreError) -> [Operation] { try rows(.operations, .selecting(query)) }

    package func purgeOperations(at now: UTCInstant, rowsMax: Int, batch: Int) throws(StoreError) -> Int {
        try transaction("purge") { () throws(StoreError) in
            let expired = try execute(.purge(expired: now, batch: batch))
            return try expired + execute(.purge(beyond: rowsMax, batch: batch - expired))
        }
    }

    /// Reads again after damaged rows were set aside, so that the answer is full and names them.
    private func rows<Content: Decodable>(_ table: StoredTable, _ clause: Command) throws(StoreError) -> [Content] {
        try transaction("read") { () throws(StoreError) in
            while true {
                let (contents, damaged): ([Content], Int) = try StoredRows(store: self).rows(table, clause)
                if damaged == 0 { return contents }
            }
        }
    }

    func query(_ sql: String, _ values: [Value] = []) throws(StoreError) -> [Row] {
        try StoreError.translating("read") { () throws(SQLiteError) in try database.query(sql, values) }
    }

    /// How many rows it changed.
    @discardableResult
    func execute(_ command: Command) throws(StoreError) -> Int {
        try StoreError.translating("write to") { () throws(SQLiteError) in try database.execute(command.sql, command.values) }
    }

    private func transaction<Result>(_ tried: String, _ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        try database.transaction(orThrow: { StoreError($0, tried: tried) }, body)
    }
}
