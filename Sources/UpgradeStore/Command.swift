import SQLite
import UpgradeModel
import UpgradePorts

/// One SQL statement with its values; what a change of the store comes to.
struct Command {
    let sql: String
    let values: [Value]

    init(_ sql: String, _ values: [Value] = []) {
        self.sql = sql
        self.values = values
    }

    /// The statements of a change, in order.
    static func list(for change: StoreChange) throws(StoreError) -> [Command] {
        switch change {
        case .putJob(let policy, let state): [try putJob(policy, try StoredText.of(state))]
        case .removeJob(let policy): [remove(policy, from: .jobs), remove(policy, from: .health)]
        case .keepHealth(let policy, let report?): [keep(policy, try StoredText.of(report))]
        case .keepHealth(let policy, nil): [remove(policy, from: .health)]
        case .owe(let row): [try owe(row)]
        case .settle(let number): [settle(number)]
        case .undeliverable(let row): try refuse(row)
        case .set(let key, let value?): [set(key, value)]
        case .set(let key, nil): [Command("DELETE FROM keys WHERE key = ?", [.text(key.rawValue)])]
        case .log(let row): add(try StoredText.of(row), to: .events)
        case .operation(let operation): [try write(operation)]
        case .forgetAll: ["jobs", "health", "outbox", "operations"].map { Command("DELETE FROM \($0)") }
        }
    }

    /// Adds a row to a bounded log. Numbers only grow, so the bound is one range of the primary key.
    static func add(_ text: String, to table: StoredTable) -> [Command] {
        [
            Command("INSERT INTO \(table.rawValue) (content) VALUES (?)", [.text(text)]),
            Command(
                "DELETE FROM \(table.rawValue) WHERE number <= (SELECT max(number) FROM \(table.rawValue)) - ?",
                [.integer(Int64(StoredSchema.logRowsMax))]),
        ]
    }

    private static func putJob(_ policy: PolicyID, _ state: String) throws(StoreError) -> Command {
        Command(
            "INSERT INTO jobs (org, name, state) VALUES (?, ?, ?) ON CONFLICT (org, name) DO UPDATE SET state = excluded.state",
            [.text(policy.org), .text(policy.name), .text(state)])
    }

    private static func remove(_ policy: PolicyID, from table: StoredTable) -> Command {
        Command("DELETE FROM \(table.rawValue) WHERE org = ? AND name = ?", [.text(policy.org), .text(policy.name)])
    }

    private static func keep(_ policy: PolicyID, _ report: String) -> Command {
        Command(
            "INSERT OR REPLACE INTO health (org, name, content) VALUES (?, ?, ?)", [.text(policy.org), .text(policy.name), .text(report)])
    }

    /// A number that is given twice breaks the primary key: it would mean that a report is lost.
    private static func owe(_ row: OutboxRow) throws(StoreError) -> Command {
        Command(
            "INSERT INTO outbox (number, org, name, content) VALUES (?, ?, ?, ?)",
            [.integer(Int64(row.number)), .text(row.policy.org), .text(row.policy.name), .text(try StoredText.of(row.content))])
    }

    private static func settle(_ number: Int) -> Command {
        Command("DELETE FROM outbox WHERE number = ?", [.integer(Int64(number))])
    }

    private static func refuse(_ row: UndeliverableRow) throws(StoreError) -> [Command] {
        [
            settle(row.row.number),
            Command(
                "INSERT OR REPLACE INTO undeliverable (number, content) VALUES (?, ?)",
                [.integer(Int64(row.row.number)), .text(try StoredText.of(row))]),
            Command(
                "DELETE FROM undeliverable WHERE number <= (SELECT number FROM undeliverable ORDER BY number DESC LIMIT 1 OFFSET ?)",
                [.integer(Int64(StoredSchema.undeliverableRowsMax))]),
        ]
    }

    private static func set(_ key: StoreKey, _ value: String) -> Command {
        Command("INSERT OR REPLACE INTO keys (key, value) VALUES (?, ?)", [.text(key.rawValue), .text(value)])
    }
}
