import Synchronization
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Records and status commits as an agent makes them.
final class OperationsLoad: Sendable {
    private static let policy = PolicyID(org: "bench", name: "policy")
    private static let begun = UTCInstant(secondsSinceEpoch: 1_700_000_000)

    let store: any Store
    let isPurged = Mutex(false)
    private let next: Mutex<Int>
    private let finished = Mutex(0)

    init(store: any Store, next: Int) {
        self.store = store
        self.next = Mutex(next)
    }

    /// One second apart, so that they expire in their order.
    static func fill(_ store: any Store, _ count: Int) throws {
        for start in stride(from: 1, through: count, by: 5000) {
            try store.commit((start...min(start + 4999, count)).map { .operation(operation($0)) })
        }
    }

    /// How many statuses were committed.
    var commits: Int { finished.withLock { $0 } }

    /// A step of a job: state, owed word, log row and record. Milliseconds.
    func commit() throws -> Double {
        let number = next.withLock { next in
            next += 1
            return next
        }
        let terms = JobTerms(manifest: "bench/m", allowDowngrade: false, start: "now", startWindow: 0)
        let facts = JobFacts(terms: terms, scheduled: Self.begun)
        let report = StatusReport(status: .waiting, facts: facts, reason: "")
        let row = EventLogRow(at: Self.begun, severity: "info", code: "bench", message: "waiting", policy: Self.policy)
        defer { finished.withLock { $0 += 1 } }
        return try Self.milliseconds {
            try store.commit([
                .putJob(Self.policy, .waiting(facts)), .owe(OutboxRow(number: number, policy: Self.policy, content: .status(report))),
                .settle(number: number), .log(row), .operation(Self.operation(number)),
            ])
        }
    }

    static func milliseconds(_ body: () throws -> Void) rethrows -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        try body()
        return (clock.now - start) / .milliseconds(1)
    }

    private static func operation(_ number: Int) -> Operation {
        let activity = Operation.Activity.allCases[number % Operation.Activity.allCases.count]
        let begun = begun.adding(.seconds(number))
        var operation = Operation(
            id: "\(number)-\(activity)", activity, policy: policy, ticket: Ticket(high: 1, low: UInt64(number)), begun: begun,
            at: begun.adding(.milliseconds(250)), .completed, "2 files, 29360128 bytes of bench/policy")
        (operation.number, operation.process) = (number, 4711)
        operation.expires = OperationLimits().expiry(of: operation, at: operation.at)
        return operation
    }
}
