import Logging
import Synchronization
import UpgradeModel
import UpgradePorts

/// The purge job: removes operation records whose time is over, a little at a time.
final class OperationPurge: Sendable {
    /// So many records go in one transaction: a status that is to be committed meanwhile waits for no more.
    static let batch = 100

    private struct State {
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

    /// One batch; true when there may be more. A store that does not work just now is asked again the next time.
    func step() -> Bool {
        do { return try removeSome() } catch {
            log.warning("cannot purge operation records", metadata: ["error": "\(error)"])
            return false
        }
    }

    private func removeSome() throws(StoreError) -> Bool {
        let begun = state.withLock { $0.begun } ?? clock.now()
        let count = try engine.purgeOperations(batch: OperationPurge.batch)
        let removed = state.withLock { state in
            state.begun = begun
            state.removed += count
            return state.removed
        }
        guard count < OperationPurge.batch else { return true }
        state.withLock { $0 = State() }
        if removed > 0 { try engine.record([.operation(Operation(purged: removed, begun: begun, at: clock.now()))]) }
        return false
    }
}

extension Operation {
    /// The record of a purge that removed something.
    init(purged count: Int, begun: UTCInstant, at: UTCInstant) {
        self.init(id: "purge-\(begun.rfc3339(fractionDigits: 9))", .purge, begun: begun, at: at, .completed, "removed \(count) records")
    }
}
