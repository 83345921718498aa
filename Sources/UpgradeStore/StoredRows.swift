import SQLite
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Reads rows inside a transaction. A row that cannot be read is moved to `quarantine` with its bytes as they are, and somebody is told:
/// for a job its quarantined state and `StoredNode.damaged`, for everything else a row of the event log.
struct StoredRows {
    private struct Fault {
        let row: StoredRow
        let reason: String
    }

    let store: SQLiteStore

    /// Everything that the engine works with.
    func node() throws(StoreError) -> StoredNode {
        var node = StoredNode()
        try loadJobs(into: &node)
        node.outbox = try loadOutbox()
        let open: [Operation] = try sound(.operations, " WHERE is_open = 1") { row throws(StoredText.Unreadable) in try row.content() }
        for operation in open { node.openOperations[operation.id] = operation }
        node.undeliverable = try sound(.undeliverable) { row throws(StoredText.Unreadable) in try row.content() }
        for (policy, report) in try loadHealth() { node.health[policy] = report }
        for row in try store.query("SELECT key, value FROM keys") {
            // A key of another version means nothing to this one and stays where it is.
            guard let key = row["key"]?.text.flatMap(StoreKey.init(rawValue:)), let value = row["value"]?.text else { continue }
            node.keys[key] = value
        }
        // Numbers go on behind the highest one even if the key was lost: a number that is taken would fail every commit.
        if let last = try store.query("SELECT max(number) AS last FROM operations").first?["last"]?.integer {
            node.keys[.lastOperation] = String(max(Int(last), node.keys[.lastOperation].flatMap { Int($0) } ?? 0))
        }
        return node
    }

    /// The rows that a clause selects, and how many were set aside on the way.
    func rows<Content: Decodable>(_ table: StoredTable, _ clause: Command) throws(StoreError) -> (contents: [Content], damaged: Int) {
        let selection = Command(StoredRow.selection(from: table) + " " + clause.sql, clause.values)
        let (contents, faults) = try read(selection) { row throws(StoredText.Unreadable) -> Content in try row.content() }
        for fault in faults { try report(fault, of: table) }
        return (contents, faults.count)
    }

    private func loadJobs(into node: inout StoredNode) throws(StoreError) {
        let selection = Command(StoredRow.selection(from: .jobs) + " ORDER BY rowid")
        let (jobs, faults) = try read(selection) { row throws(StoredText.Unreadable) -> (PolicyID, JobState) in
            (try row.knownPolicy(), try row.content())
        }
        for (policy, state) in jobs { node.jobs[policy] = state }
        for fault in faults {
            guard let policy = fault.row.policy else {
                try report(fault, of: .jobs)
                continue
            }
            let state = JobState.quarantined(reason: "the stored record of this job is damaged (\(fault.reason))", nil)
            try setAside(fault, of: .jobs)
            for command in try Command.list(for: .putJob(policy, state)) { try store.execute(command) }
            node.jobs[policy] = state
            node.damaged.append(policy)
        }
        node.damaged.sort()
    }

    private func loadOutbox() throws(StoreError) -> [OutboxRow] {
        try sound(.outbox) { row throws(StoredText.Unreadable) in
            OutboxRow(number: Int(row.number), policy: try row.knownPolicy(), content: try row.content())
        }
    }

    private func loadHealth() throws(StoreError) -> [(PolicyID, HealthReport)] {
        try sound(.health) { row throws(StoredText.Unreadable) in (try row.knownPolicy(), try row.content()) }
    }

    private func sound<Content>(
        _ table: StoredTable, _ condition: String = "", _ value: (StoredRow) throws(StoredText.Unreadable) -> Content
    ) throws(StoreError) -> [Content] {
        let (contents, faults) = try read(Command(StoredRow.selection(from: table) + condition + " ORDER BY rowid"), value)
        for fault in faults { try report(fault, of: table) }
        return contents
    }

    private func read<Content>(
        _ selection: Command, _ value: (StoredRow) throws(StoredText.Unreadable) -> Content
    ) throws(StoreError) -> ([Content], [Fault]) {
        var contents: [Content] = []
        var faults: [Fault] = []
        for row in try store.query(selection.sql, selection.values).map(StoredRow.init) {
            do throws(StoredText.Unreadable) {
                contents.append(try value(row))
            } catch {
                faults.append(Fault(row: row, reason: error.reason))
            }
        }
        return (contents, faults)
    }

    private func report(_ fault: Fault, of table: StoredTable) throws(StoreError) {
        try setAside(fault, of: table)
        let message =
            "Row \(fault.row.number) of the stored \(table.rawValue) is damaged (\(fault.reason)) and was set aside in quarantine."
        let row = EventLogRow(at: try now(), severity: "error", code: "stored_row_damaged", message: message, policy: fault.row.policy)
        for command in Command.add(try StoredText.of(row), to: .events) { try store.execute(command) }
    }

    private func setAside(_ fault: Fault, of table: StoredTable) throws(StoreError) {
        let policy = table.hasPolicy ? "org, name" : "NULL, NULL"
        let columns = "'\(table.rawValue)', rowid, \(policy), \(table.textColumn), ?, ?"
        try store.execute(
            Command(
                "INSERT INTO quarantine (kind, source, org, name, raw, reason, at) SELECT \(columns) FROM \(table.rawValue) WHERE rowid = ?",
                [.text(fault.reason), .text(try now().rfc3339(fractionDigits: 3)), .integer(fault.row.number)]))
        try store.execute(Command("DELETE FROM \(table.rawValue) WHERE rowid = ?", [.integer(fault.row.number)]))
    }

    /// Damage is found while reading, where no event brings a time along.
    private func now() throws(StoreError) -> UTCInstant {
        let text = try store.query("SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now') AS now").first?["now"]?.text ?? ""
        return UTCInstant(rfc3339: text) ?? UTCInstant(secondsSinceEpoch: 0)
    }
}
