import SQLite
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
        try StoreError.translating("rely on") { () throws(SQLiteError) in try database.assertDurable() }
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

    package func events(max: Int) throws(StoreError) -> [EventLogRow] { try newest(.events, max) }

    package func operations(max: Int) throws(StoreError) -> [OperationRow] { try newest(.operations, max) }

    /// Reads again after damaged rows were set aside, so that the answer is full and names them.
    private func newest<Content: Decodable>(_ table: StoredTable, _ max: Int) throws(StoreError) -> [Content] {
        try transaction("read") { () throws(StoreError) in
            let rows = StoredRows(store: self)
            while true {
                let (contents, damaged): ([Content], Int) = try rows.newest(table, Swift.max(max, 0))
                if damaged == 0 { return contents }
            }
        }
    }

    func query(_ sql: String, _ values: [Value] = []) throws(StoreError) -> [Row] {
        try StoreError.translating("read") { () throws(SQLiteError) in try database.query(sql, values) }
    }

    func execute(_ command: Command) throws(StoreError) {
        try StoreError.translating("write to") { () throws(SQLiteError) in _ = try database.execute(command.sql, command.values) }
    }

    private func transaction<Result>(_ tried: String, _ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        try database.transaction(orThrow: { StoreError($0, tried: tried) }, body)
    }
}
