import Logging
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// The agents of a simulated node as far as their job goes: each release's memory, moved by the real engine and the real reading of journals.
/// It tells which words a node owes to the exchange, whatever was interrupted.
final class SimMinds: Sendable {
    private let tree: FaultyTree
    private let clock: SimClock
    private let wrongs: Shared<[String]>
    private let databases: Shared<[Int: SimDatabase]>
    private let read: Shared<JournalReading?>

    init(_ image: NodeImage, tree: FaultyTree, clock: SimClock, wrongs: Shared<[String]>) {
        (self.tree, self.clock, self.wrongs) = (tree, clock, wrongs)
        databases = Shared(image.memories.mapValues { SimDatabase(.init(memory: $0)) })
        read = Shared(image.lastReading)
    }

    /// The memory of a node on which the job has just been handed over.
    static func handedOver(_ handover: Handover) throws -> SimMemory {
        let store = SimStore()
        let facts = JobFacts(terms: EngineSite.terms, scheduled: Fixture.start)
        try store.commit([
            .putJob(Fixture.policy, .handedOver(facts, handover)), .set(.lastRelease, String(handover.newRelease)),
        ])
        return store.memory
    }

    var memories: [Int: SimMemory] { databases.value.mapValues { $0.image.memory } }
    var lastReading: JournalReading? { read.value }

    func job(_ release: Int) -> JobState? { databases.value[release]?.image.memory.jobs[Fixture.policy] }

    /// The words that the agent of a release owes for the job, in order.
    func words(_ release: Int) -> [Status] {
        let rows = databases.value[release]?.image.memory.outbox.values.sorted { $0.number < $1.number } ?? []
        return rows.compactMap { if case .status(let report) = $0.content { report.status } else { nil } }
    }

    /// The agent of a release takes in what the journals say, as at its start and once a second.
    func look(_ release: Int) {
        if let reading = try? Journal.look(Layout.journal(Fixture.ticket), in: tree.inner) { read.change { $0 = reading } }
        withEngine(release) { engine, watch in _ = try watch(tree.inner).takeIn() }
    }

    /// The agent takes back a job that its installer has given back.
    func reclaim(_ release: Int, reason: String) {
        withEngine(release) { engine, _ in try engine.handle(Fixture.policy, .reclaimed(Fixture.ticket, reason: reason)) }
    }

    /// The agent of a release removes the folders of jobs that it knows no more.
    func removeOrphans(_ release: Int) { withEngine(release) { _, watch in _ = watch(tree).removeOrphans() } }

    /// The memory goes with its database.
    func copy(_ source: TreePath, to target: TreePath) {
        guard let old = Int(source.parent.name), let new = Int(target.parent.name), let image = databases.value[old]?.image else { return }
        databases.change { $0[new] = SimDatabase(image) }
    }

    private func withEngine(_ release: Int, _ body: (Engine, (any FileTree) -> JournalWatch) throws -> Void) {
        guard let database = databases.value[release] else { return }
        do {
            let store = SimStore(database)
            let facts = ReleaseFacts(
                number: release, software: release == 1 ? "1.0.0" : "1.1.0", configuration: "", certificate: "", descriptor: nil)
            let surroundings = EngineSurroundings(
                clock: clock, randomness: SimRandomness(seed: 1), limits: JobLimits(), release: facts, highestRelease: { 2 },
                giveUpReserve: { false })
            let engine = Engine(store: store, node: try store.load(), surroundings: surroundings, runner: Nobody())
            try body(engine) { JournalWatch(tree: $0, engine: engine, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }) }
            if let why = engine.snapshot.counters.lastRejection { wrongs.add("release \(release) does not believe its journal: \(why)") }
        } catch {
            wrongs.add("release \(release) cannot go on: \(error)")
        }
    }
}

private struct Nobody: EffectRunner {
    func perform(_ effect: JobEffect, for policy: PolicyID) {}
}
