import Synchronization
import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// An engine over a store in memory, with effects that are only written down unless somebody else takes them.
final class EngineSite: Sendable {
    static let one = PolicyID(org: "acme", name: "one")
    static let two = PolicyID(org: "acme", name: "two")
    static let terms = JobTerms(manifest: "acme/m", allowDowngrade: false, start: "now", startWindow: 0)
    static let plan = JobPlan(versions: [.software: "1.1.0"], files: [])
    static let full = StoreError(.noSpace, "the disk is full")
    static let broken = StoreError(.other, "the disk is broken")

    final class Effects: EffectRunner {
        private let seen = Mutex<[JobEffect]>([])
        var all: [JobEffect] { seen.withLock { $0 } }
        func perform(_ effect: JobEffect, for policy: PolicyID) { seen.withLock { $0.append(effect) } }
    }

    let database: SimDatabase
    let store: SimStore
    let effects = Effects()
    let engine: Engine
    let clock: SimClock
    let reserve: Shared<Int>

    init(
        _ database: SimDatabase = SimDatabase(), release: String = "1.0.0", number: Int = 1, highest: Int = 1, reserves: Int = 0,
        clock: SimClock = SimClock(), runner: (any EffectRunner)? = nil
    ) throws {
        let reserve = Shared(reserves)
        (self.database, self.clock, self.reserve) = (database, clock, reserve)
        store = SimStore(database)
        let facts = ReleaseFacts(number: number, software: release, configuration: "1", certificate: "", descriptor: nil)
        let surroundings = EngineSurroundings(
            clock: clock, randomness: SimRandomness(seed: 1), limits: JobLimits(), release: facts, highestRelease: { highest },
            giveUpReserve: {
                guard reserve.value > 0 else { return false }
                reserve.change { $0 -= 1 }
                return true
            })
        engine = Engine(store: store, node: try store.load(), surroundings: surroundings, runner: runner ?? effects)
    }

    func job(_ policy: PolicyID = one) -> JobState? { engine.snapshot.jobs[policy] }

    func match(_ policy: PolicyID = one) throws { try engine.handle(policy, .matched(EngineSite.terms, lastUpdated: nil)) }

    /// The run that answers now.
    func run(_ policy: PolicyID = one) throws -> RunID {
        switch job(policy) {
        case .planning(_, let attempt), .downloading(_, let attempt, _), .unpacking(_, let attempt, _), .asking(_, let attempt, _, _):
            return attempt.runID
        default: throw ScratchError()
        }
    }

    /// From the first match to the hand-over.
    func handOver(_ policy: PolicyID = one) throws -> Handover {
        try match(policy)
        try engine.handle(policy, .chosen)
        try engine.handle(policy, .planned(try run(policy), EngineSite.plan))
        try engine.handle(policy, .fetched(try run(policy)))
        try engine.handle(policy, .unpacked(try run(policy)))
        try engine.handle(policy, .turnGranted(try run(policy), group: nil))
        guard let handover = job(policy)?.handover else { throw ScratchError() }
        return handover
    }

    var words: [String] {
        database.image.memory.outbox.values.sorted { $0.number < $1.number }.map { row in
            switch row.content {
            case .status(let report): "\(row.policy.name): \(report.status.rawValue)"
            case .deletion: "\(row.policy.name): deletion"
            case .softwareVersions(let versions): "versions \(versions[.software] ?? "")"
            }
        }
    }
}
