import ExchangeModel
import NIOConcurrencyHelpers
import NIOPosix
import SQLite

/// Writes of many callers in one transaction, because a disk can sync only so often in a second.
///
/// Nobody waits for company: whatever has queued up while the last transaction ran makes the next one. Each write is a part that can be
/// taken back alone. Nobody is answered before the commit, also those who were refused, because what they saw of the writes before
/// theirs was not durable yet; when the commit fails, every caller of the batch hears that.
final class GroupCommit: Sendable {
    /// So many writes share a transaction at most: the first of them waits for the last.
    private static let batchMax = 256

    private struct Queue {
        var waiting: [PendingWrite] = []
        var isRunning = false
        var figures = HubStoreFigures()
    }

    private let database: Database
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let queue = NIOLockedValueBox(Queue())

    /// Nobody else writes to the database through this connection.
    init(_ database: Database) {
        self.database = database
        thread.start()
    }

    var figures: HubStoreFigures {
        queue.withLockedValue { queue in
            var figures = queue.figures
            figures.waiting = queue.waiting.count
            return figures
        }
    }

    /// Returns when the work is done and durable.
    func write<Result: Sendable>(_ work: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in enqueue(PendingWrite(work, continuation)) }
    }

    /// Ends once the writes under way have; those that come later fail.
    func close() async { try? await thread.shutdownGracefully() }

    /// Brings everything from the write-ahead log into the database file itself, so that it is whole without its companions.
    /// Only after ``close()``. When that fails, because another program reads, say, nothing is lost: the next start goes on from the log.
    func checkpoint() { _ = try? database.execute("PRAGMA wal_checkpoint(TRUNCATE)") }

    private func enqueue(_ write: PendingWrite) {
        let isFirst = queue.withLockedValue { queue in
            queue.waiting.append(write)
            defer { queue.isRunning = true }
            return !queue.isRunning
        }
        if isFirst { thread.submit { [self] state in drain(isOpen: state == .active) } }
    }

    private func drain(isOpen: Bool) {
        while let batch = nextBatch() {
            if isOpen {
                commit(batch)
            } else {
                for write in batch { write.refuse(NIOThreadPoolError.ThreadPoolInactive()) }
            }
        }
    }

    private func nextBatch() -> [PendingWrite]? {
        queue.withLockedValue { queue in
            queue.isRunning = !queue.waiting.isEmpty
            guard queue.isRunning else { return nil }
            let batch = Array(queue.waiting.prefix(Self.batchMax))
            queue.waiting.removeFirst(batch.count)
            return batch
        }
    }

    private func commit(_ batch: [PendingWrite]) {
        let begin = ContinuousClock().now
        let pages = database.pagesWritten
        let answers = Result {
            try database.transaction(orThrow: { $0 as any Error }) { try batch.map { try $0.perform(database) } }
        }
        let time = ContinuousClock().now - begin
        // Before the callers go on, so that they find themselves counted.
        queue.withLockedValue { queue in
            queue.figures.time += time
            guard case .success = answers else { return queue.figures.isFailing = true }
            queue.figures.writes += batch.count
            queue.figures.commits += 1
            // A transaction that changes nothing writes nothing, so it says nothing of the disk.
            if database.pagesWritten != pages { queue.figures.isFailing = false }
        }
        switch answers {
        case .success(let answers): for answer in answers { answer() }
        case .failure(let error): for write in batch { write.refuse(error) }
        }
    }
}

/// A write that waits for its batch, with the caller who waits for it.
struct PendingWrite: Sendable {
    /// Does the work as a part of the transaction, and gives what tells the caller how that went. Throws when the transaction is lost.
    let perform: @Sendable (Database) throws -> @Sendable () -> Void
    /// Tells the caller that nothing of it was kept.
    let refuse: @Sendable (any Error) -> Void

    init<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value, _ caller: CheckedContinuation<Value, any Error>) {
        perform = { database in
            let outcome = Result { try database.savepoint(orThrow: { $0 as any Error }) { try work(database) } }
            if case .failure(let error) = outcome, !database.isInTransaction { throw error }
            return { caller.resume(with: outcome) }
        }
        refuse = { caller.resume(throwing: $0) }
    }
}
