import NIOConcurrencyHelpers
import NIOPosix
import SQLite

/// Read-only connections, each on a thread of its own while it works. A read never waits for the disk that a commit waits for.
final class SnapshotReaders: Sendable {
    private let threads: NIOThreadPool
    private let idle: NIOLockedValueBox<[Database]>

    /// Opens the connections to a database that is there.
    init(path: String, count: Int) throws {
        idle = NIOLockedValueBox(try (0..<count).map { _ in try Database.open(path: path, readOnly: true) })
        threads = NIOThreadPool(numberOfThreads: count)
        threads.start()
    }

    /// Runs the work on one committed state, which is not older than this call.
    func read<Result: Sendable>(_ work: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
        try await threads.runIfActive { [idle] in
            // There are as many connections as threads.
            let database = idle.withLockedValue { $0.removeLast() }
            defer { idle.withLockedValue { $0.append(database) } }
            return try database.snapshot(orThrow: { $0 as any Error }) { try work(database) }
        }
    }

    /// Ends once the reads under way have.
    func close() async { try? await threads.shutdownGracefully() }
}
