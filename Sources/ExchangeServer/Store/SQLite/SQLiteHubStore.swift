import ExchangeModel
import NIOPosix
import SQLite

/// The hub's tables in one SQLite file. One connection on one thread of its own: writers are serial anyway, and reads are short.
package final class SQLiteHubStore: HubStore {
    private let database: Database
    private let thread: NIOThreadPool

    /// Opens or makes the database at the path, applies the migrations that it lacks, and asserts that commits are durable.
    package init(path: String) throws {
        database = try Database.open(path: path)
        try database.migrate(Migrations.all)
        try database.assertDurable()
        thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
    }

    package var schemaVersion: Int { Migrations.all.count }

    package func read<Result: Sendable>(_ work: @escaping @Sendable (any HubReading) throws -> Result) async throws -> Result {
        try await thread.runIfActive { [database] in try work(SQLiteSession(database: database)) }
    }

    package func write<Result: Sendable>(_ work: @escaping @Sendable (any HubWriting) throws -> Result) async throws -> Result {
        try await thread.runIfActive { [database] in
            try database.transaction(orThrow: { $0 as any Error }) { try work(SQLiteSession(database: database)) }
        }
    }

    package func close() async {
        try? await thread.shutdownGracefully()
    }
}
