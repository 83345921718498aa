import NIOConcurrencyHelpers
import NIOPosix
import SQLite

/// Read-only connections. A read never waits for the disk that a commit waits for.
final class SnapshotReaders: Sendable {
    private struct Idle {
        /// For ``SnapshotReaders/read(_:)``, as many as there are threads.
        var far: [Database]
        /// For ``SnapshotReaders/lookUp(_:)``, as many as ever were needed at once.
        var near: [Database] = []
        var isOpen = true
    }

    private let path: String
    private let threads: NIOThreadPool
    private let idle: NIOLockedValueBox<Idle>

    /// Opens the connections to a database that is there.
    init(path: String, count: Int) throws {
        self.path = path
        idle = NIOLockedValueBox(Idle(far: try (0..<count).map { _ in try Self.open(path) }))
        threads = NIOThreadPool(numberOfThreads: count)
        threads.start()
    }

    private static func open(_ path: String) throws -> Database {
        let database = try Database.open(path: path, readOnly: true)
        try database.execute(SQLiteHubStore.pageCache)
        return database
    }

    /// Runs the work on a thread of its own, on one committed state, which is not older than this call.
    func read<Result: Sendable>(_ work: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
        try await threads.runIfActive { [idle] in
            // There are as many connections as threads.
            let database = idle.withLockedValue { $0.far.removeLast() }
            defer { idle.withLockedValue { $0.far.append(database) } }
            return try database.snapshot(orThrow: { $0 as any Error }) { try work(database) }
        }
    }

    /// The same on the caller's thread.
    func lookUp<Result>(_ work: (Database) throws -> Result) throws -> Result {
        let free = try idle.withLockedValue { idle in
            guard idle.isOpen else { throw NIOThreadPoolError.ThreadPoolInactive() }
            return idle.near.popLast()
        }
        let database = try free ?? Self.open(path)
        defer { idle.withLockedValue { if $0.isOpen { $0.near.append(database) } } }
        return try database.snapshot(orThrow: { $0 as any Error }) { try work(database) }
    }

    /// Ends once the reads under way have.
    func close() async {
        try? await threads.shutdownGracefully()
        idle.withLockedValue { idle in
            idle.isOpen = false
            idle.near = []
        }
    }
}
