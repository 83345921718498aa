import ArgumentParser
import FoundationEssentials
import Synchronization
import UpgradeModel
import UpgradePorts
import UpgradeStore

/// Lists the newest of many operation records of an agent's database, and purges while statuses are committed.
struct OperationsBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "opstatus", abstract: "Many operation records in one agent's database: how long listing and committing take, as JSON.")

    @Argument(help: "A folder; empty with --fill, otherwise one that was filled.")
    var folder: String

    @Option(help: "Records.")
    var records = 1_000_000

    @Option(help: "Records in one transaction of a purge.")
    var batch = 100

    @Flag(help: "Only make the database.")
    var fill = false

    /// All times are milliseconds.
    private struct Figures: Encodable {
        var list: [Double] = []
        var quietCommit: [Double] = []
        var commitBesidePurge: [Double] = []
        var purge: [Double] = []
        var left = 0
    }

    func run() async throws {
        guard let path = TreePath("agent.db") else { return }
        let databases = SQLiteStoreOpener(stateFolder: folder)
        if fill { return try OperationsLoad.fill(try databases.create(path), records) }
        let load = OperationsLoad(store: try databases.open(path), next: records)
        var figures = Figures()
        for _ in 0..<50 { figures.list.append(try OperationsLoad.milliseconds { _ = try load.store.operations(OperationQuery(max: 500)) }) }
        for _ in 0..<500 { figures.quietCommit.append(try load.commit()) }
        async let purged = purge(load)
        while !load.isPurged.withLock({ $0 }) {
            figures.commitBesidePurge.append(try load.commit())
            await Task.yield()
        }
        figures.purge = try await purged
        figures.left = try load.store.operations(OperationQuery(max: records)).count
        print(String(decoding: try JSONEncoder().encode(figures), as: UTF8.self))
    }

    /// Everything that there is; between two batches the agent pauses, and so a commit that waits gets its turn.
    private func purge(_ load: OperationsLoad) async throws -> [Double] {
        defer { load.isPurged.withLock { $0 = true } }
        var (times, count) = ([Double](), batch)
        while count == batch {
            let time = try OperationsLoad.milliseconds {
                count = try load.store.purgeOperations(at: .distantFuture, rowsMax: .max, batch: batch)
            }
            times.append(time)
            let commits = load.commits
            while load.commits == commits { await Task.yield() }
        }
        return times
    }
}
