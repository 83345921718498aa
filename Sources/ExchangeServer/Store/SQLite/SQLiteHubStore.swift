import ExchangeModel
import SQLite

/// The hub's tables in one SQLite file: one connection writes, others read what it has committed.
package final class SQLiteHubStore: HubStore {
    /// So many reads at once. More threads than cores would gain nothing but a place beside a long list.
    private static let readers = 2

    /// Up to 8 MiB of pages for each connection.
    static let pageCache = "PRAGMA cache_size = -8192"

    private let writer: GroupCommit
    private let readers: SnapshotReaders

    /// Opens or makes the database at the path, applies the migrations that it lacks, and asserts that commits are durable.
    package init(path: String) throws {
        let database = try Database.open(path: path)
        try database.migrate(Migrations.all)
        try database.assertDurable()
        // A checkpoint writes each changed page once: with more commits between two of them there is less to write.
        try database.execute("PRAGMA wal_autocheckpoint = 4000")
        try database.execute(Self.pageCache)
        readers = try SnapshotReaders(path: path, count: Self.readers)
        writer = GroupCommit(database)
    }

    package var schemaVersion: Int { Migrations.all.count }

    package var figures: HubStoreFigures { writer.figures }

    package func read<Result: Sendable>(_ work: @escaping @Sendable (any HubReading) throws -> Result) async throws -> Result {
        try await readers.read { try work(SQLiteSession(database: $0)) }
    }

    package func lookUp<Result: Sendable>(_ work: (any HubReading) throws -> Result) throws -> Result {
        try readers.lookUp { try work(SQLiteSession(database: $0)) }
    }

    package func write<Result: Sendable>(_ work: @escaping @Sendable (any HubWriting) throws -> Result) async throws -> Result {
        try await writer.write { try work(SQLiteSession(database: $0)) }
    }

    package func close() async {
        await writer.close()
        await readers.close()
        writer.checkpoint()
    }
}
