import UpgradeCore
import UpgradeModel
import UpgradePorts

/// What a simulated database holds: plain values with the rules of the real one, so that a run can be repeated from any moment.
package struct SimMemory: Hashable, Sendable {
    /// The event log keeps this many of the newest rows.
    package static let logRowsMax = 10_000
    /// Refused rows keep this many of the newest.
    package static let undeliverableRowsMax = 100

    /// Jobs by policy.
    package private(set) var jobs: [PolicyID: JobState] = [:]
    /// Rows still owed, by number.
    package private(set) var outbox: [Int: OutboxRow] = [:]
    /// Refused rows, by number.
    package private(set) var undeliverable: [Int: UndeliverableRow] = [:]
    /// Single values.
    package private(set) var keys: [StoreKey: String] = [:]
    /// What the probes of a policy's last attempt found.
    package private(set) var health: [PolicyID: HealthReport] = [:]
    /// The event log, oldest first.
    package private(set) var events: [EventLogRow] = []
    /// Operation records, the oldest writing first.
    package private(set) var operations: [Operation] = []
    /// Policies whose row is unreadable until the next load sets it aside.
    package var damagedJobs: Set<PolicyID> = []

    /// An empty one.
    package init() {}

    /// The same without the event log and what has ended of the operations: who keeps it to compare does not have them copied at the next
    /// commit.
    package var withoutLogs: SimMemory {
        var other = self
        (other.events, other.operations) = ([], operations.filter(\.stage.isOpen))
        return other
    }

    /// All changes or none. Errors: `.other` when an outbox number is given twice.
    mutating func apply(_ changes: [StoreChange]) throws(StoreError) {
        try check(changes)
        for change in changes { apply(change) }
    }

    /// Looked at before anything is changed: to go back afterwards would take a copy of every table at each commit.
    private func check(_ changes: [StoreChange]) throws(StoreError) {
        var numbers = Set(outbox.keys)
        var written = operations.last?.number ?? 0
        for change in changes {
            switch change {
            case .owe(let row):
                guard numbers.insert(row.number).inserted else {
                    throw StoreError(.other, "cannot owe row \(row.number) of \(row.policy): the number is taken; numbers are never reused")
                }
            case .settle(let number): numbers.remove(number)
            case .undeliverable(let row): numbers.remove(row.row.number)
            case .operation(let operation):
                guard operation.number > written else {
                    throw StoreError(
                        .other, "cannot write operation \(operation.id) as number \(operation.number): \(written) was written before")
                }
                written = operation.number
            case .forgetAll: numbers = []
            case .putJob, .removeJob, .keepHealth, .set, .log: break
            }
        }
    }

    private mutating func apply(_ change: StoreChange) {
        switch change {
        case .putJob(let policy, let state):
            jobs[policy] = state
            damagedJobs.remove(policy)
        case .removeJob(let policy):
            jobs[policy] = nil
            health[policy] = nil
            damagedJobs.remove(policy)
        case .keepHealth(let policy, let report): health[policy] = report
        case .owe(let row): outbox[row.number] = row
        case .settle(let number): settle(number)
        case .undeliverable(let row): refuse(row)
        case .set(let key, let value): keys[key] = value
        case .log(let row): Self.add(row, to: &events)
        case .operation(let operation): write(operation)
        case .forgetAll: forgetAll()
        }
    }

    /// Everything, with unreadable jobs quarantined for good.
    mutating func load() -> StoredNode {
        let damaged = damagedJobs.sorted()
        for policy in damaged { jobs[policy] = .quarantined(reason: "the stored record was damaged on purpose", nil) }
        damagedJobs = []
        var keys = keys
        if let last = operations.last?.number { keys[.lastOperation] = String(max(last, keys[.lastOperation].flatMap { Int($0) } ?? 0)) }
        return StoredNode(
            jobs: jobs, damaged: damaged, outbox: outbox.values.sorted { $0.number < $1.number },
            undeliverable: undeliverable.values.sorted { $0.row.number < $1.row.number }, keys: keys, health: health,
            openOperations: Dictionary(operations.filter(\.stage.isOpen).map { ($0.id, $0) }) { $1 })
    }

    /// The record takes the place of the one with its id; what is written over is among the last ones.
    private mutating func write(_ operation: Operation) {
        if let index = operations.lastIndex(where: { $0.id == operation.id }) { operations.remove(at: index) }
        operations.append(operation)
    }

    /// Ended records whose time is over, the first to expire first; then those beyond the newest writings. How many went.
    mutating func purgeOperations(at now: UTCInstant, rowsMax: Int, batch: Int) -> Int {
        let expired = operations.filter { !$0.stage.isOpen && $0.expires <= now }.sorted { $0.expires < $1.expires }.map(\.number)
        let bound = (operations.last?.number ?? 0) - rowsMax
        let beyond = operations.filter { !$0.stage.isOpen && $0.number <= bound && $0.expires > now }.map(\.number)
        let gone = Set((expired + beyond).prefix(max(batch, 0)))
        operations.removeAll { gone.contains($0.number) }
        // An emptied table keeps its room.
        if operations.isEmpty { operations = [] }
        return gone.count
    }

    private mutating func settle(_ number: Int) {
        outbox[number] = nil
        // An emptied table keeps its room.
        if outbox.isEmpty { outbox = [:] }
    }

    private mutating func refuse(_ row: UndeliverableRow) {
        settle(row.row.number)
        undeliverable[row.row.number] = row
        while undeliverable.count > Self.undeliverableRowsMax, let oldest = undeliverable.keys.min() { undeliverable[oldest] = nil }
    }

    private mutating func forgetAll() {
        jobs = [:]
        health = [:]
        damagedJobs = []
        outbox = [:]
        operations = []
    }

    /// Room is made an eighth at a time: a hundred thousand nodes keep such rows.
    private static func add<Row>(_ row: Row, to rows: inout [Row]) {
        if rows.count == rows.capacity { rows.reserveCapacity(rows.count + max(4, rows.count / 8)) }
        rows.append(row)
        if rows.count > logRowsMax { rows.removeFirst(rows.count - logRowsMax) }
    }
}
