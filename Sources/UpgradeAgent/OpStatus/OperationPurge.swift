import Logging
import Synchronization
import UpgradeModel
import UpgradePorts

/// The purge job: removes operation records whose time is over, a little at a time, beside the polls.
final class OperationPurge: Sendable {
    /// So many records go in one transaction: a status that is to be committed meanwhile waits for no more.
    static let batch = 100
    private static let pause: Duration = .seconds(3600)

    private struct State {
        var next: Duration = .zero
        /// When the present purge began, and what went so far.
        var begun: UTCInstant?
        var removed = 0
    }

    private let engine: Engine
    private let clock: any Clock
    private let log: Logger
    private let state = Mutex(State())

    init(engine: Engine, clock: any Clock, log: Logger) {
        self.engine = engine
        self.clock = clock
        self.log = log
    }

    /// One batch, when it is time for one: the first after a start, then each hour, and after each poll while there is more.
    func look() {
        let now = clock.sinceBoot()
        guard state.withLock({ now >= $0.next }) else { return }
        do { try removeSome(now) } catch {
            state.withLock { $0.next = now + OperationPurge.pause }
            log.warning("cannot purge operation records", metadata: ["error": "\(error)"])
        }
    }

    private func removeSome(_ now: Duration) throws(StoreError) {
        let begun = state.withLock { $0.begun } ?? clock.now()
        let count = try engine.purgeOperations(batch: OperationPurge.batch)
        let removed = state.withLock { state in
            state.begun = begun
            state.removed += count
            return state.removed
        }
        guard count < OperationPurge.batch else { return }
        state.withLock { $0 = State(next: now + OperationPurge.pause) }
        if removed > 0 { try engine.record([.operation(Operation(purged: removed, begun: begun, at: clock.now()))]) }
    }
}

extension Operation {
    /// The record of a purge that removed something.
    init(purged count: Int, begun: UTCInstant, at: UTCInstant) {
        self.init(id: "purge-\(begun.rfc3339(fractionDigits: 9))", .purge, begun: begun, at: at, .completed, "removed \(count) records")
    }
}
