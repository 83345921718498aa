import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// Every operation of a procedure × every fault; and of each of these, every operation of its recovery × every fault again.
///
/// The traces are recorded, so the numbers of cases are found, not given. Of the second level one case in `fraction` is run, beginning with
/// number `offset`.
///
/// A case of the second level whose start is equal to that of another one ends like that one, since nothing in a run is left to chance: it is
/// not run again, but counted, with the same violations.
struct CrashMatrix {
    /// One line of the table.
    struct Row {
        var first = 0
        var second = 0
        var time = Duration.zero
    }

    let procedure: CrashProcedure
    let fraction: Int
    let offset: Int
    /// The disk as the installer sees it.
    var seen: @Sendable (FaultyTree) -> any FileTree = { $0 }

    /// False: every case is run, whatever it begins with.
    var merges = true

    /// The undisturbed run's operations.
    private(set) var trace: [FaultyTree.Operation] = []
    /// What the first level was hit by.
    private(set) var rows: [CrashFault: Row] = [:]
    /// Operations of all recoveries together.
    private(set) var recoveryOperations = 0
    /// Everything that was wrong, with its case.
    private(set) var violations: [String] = []
    /// Cases that were not run, because one with an equal start had been.
    private(set) var merged = 0
    private var endings: [CrashStart: [String]] = [:]
    private var number = 0

    init(_ procedure: CrashProcedure, fraction: Int, offset: Int = 0) {
        (self.procedure, self.fraction, self.offset) = (procedure, fraction, offset)
    }

    /// Cases that were run and judged.
    var cases: Int { rows.values.reduce(0) { $0 + $1.first + $1.second } }

    /// Cases of the first level by the product.
    var firstProduct: Int { trace.count * CrashFault.allCases.count }
    /// Cases of the second level by the product.
    var secondProduct: Int { recoveryOperations * CrashFault.allCases.count }
    /// What of the second level is to be run: the multiples of the fraction among `offset ..< offset + secondProduct`.
    var secondChosen: Int { (offset + secondProduct + fraction - 1) / fraction - (offset + fraction - 1) / fraction }

    mutating func run() throws {
        let clean = CrashCase(scenario: procedure.scenario, start: try procedure.start(procedure.scenario))
        let undisturbed = try clean.run(keepsImages: false)
        let verdict = try procedure.verdict(clean, undisturbed)
        // What a test plants is not planted in what is right.
        var root = clean
        root.seen = seen
        let run = try root.run(keepsImages: true)
        trace = run.moments.map(\.operation)
        note(verdict.violations(run), "undisturbed")
        for fault in CrashFault.allCases {
            for index in trace.indices { try level(root, run, index, fault, verdict) }
        }
    }

    private mutating func level(
        _ root: CrashCase, _ run: CrashCase.Run, _ index: Int, _ fault: CrashFault, _ verdict: CrashVerdict
    ) throws {
        let begin = ContinuousClock.now
        var row = rows[fault] ?? Row()
        guard let hit = root.hit(index, by: fault, of: run) else { return }
        let recovery = try hit.run(keepsImages: true)
        row.first += 1
        let about = "\(fault.rawValue) at \(index + 1), \(trace[index])"
        note(verdict.violations(recovery), about)
        // Where the process lived on, its run goes on after the operation that failed.
        let start = merges ? try CrashStart(hit) : nil
        let own = recovery.moments.indices.dropFirst(fault.failure == nil ? 0 : index + 1)
        recoveryOperations += own.count
        for again in own {
            for second in CrashFault.allCases {
                number += 1
                guard (offset + number - 1) % fraction == 0, let twice = hit.hit(again, by: second, of: recovery) else { continue }
                row.second += 1
                let known = second.failure == nil ? nil : start
                note(
                    try wrong(twice, known, verdict),
                    "\(about), then \(second.rawValue) at \(again + 1), \(recovery.moments[again].operation)")
            }
        }
        row.time += begin.duration(to: .now)
        rows[fault] = row
    }

    /// - Parameter start: the start's, when it is known already.
    private mutating func wrong(_ twice: CrashCase, _ start: CrashStart?, _ verdict: CrashVerdict) throws -> [String] {
        guard merges else { return verdict.violations(try twice.run(keepsImages: false)) }
        let start = try start?.failing(twice.failing) ?? CrashStart(twice)
        if let known = endings[start] {
            merged += 1
            return known
        }
        let found = verdict.violations(try twice.run(keepsImages: false))
        endings[start] = found
        return found
    }

    private mutating func note(_ wrong: [String], _ about: String) {
        violations += wrong.map { "\(procedure.testDescription), \(about): \($0)" }
    }

    /// The table's lines: strategy, procedure, fault, operations, cases of both levels, seconds.
    var table: String {
        CrashFault.allCases.map { fault in
            let row = rows[fault] ?? Row()
            return
                "| \(procedure.strategy.rawValue) | \(procedure.name) | \(fault.rawValue) | \(trace.count) | \(row.first) | \(row.second) "
                + "| \(row.time.formatted) |"
        }.joined(separator: "\n")
    }

    /// What the plan names and the trace does not have; empty = all is there.
    var missing: [String] {
        var rest = trace.map(\.description)[...]
        return procedure.required.filter { wanted in
            guard let place = rest.firstIndex(of: wanted) else { return true }
            rest = rest[(place + 1)...]
            return false
        }
    }
}

extension Duration {
    /// Seconds with one digit.
    fileprivate var formatted: String {
        let tenths = components.seconds * 10 + components.attoseconds / 100_000_000_000_000_000
        return "\(tenths / 10).\(tenths % 10) s"
    }
}

extension CrashProcedure {
    /// What is right, learned from an undisturbed run.
    func verdict(_ clean: CrashCase, _ run: CrashCase.Run) throws -> CrashVerdict {
        guard run.trouble == nil, let current = try run.node.inner.release(at: Layout.current),
            case .ended(_, let ending) = run.node.minds.job(current)
        else { throw ScratchError() }
        // A recovery may find the new release complete.
        var releases = [1, 2].reduce(into: [:]) { $0[$1] = Listing(clean.start.disk, Layout.release($1)) }
        if current != 1 { releases[current] = Listing(run.node.inner, Layout.release(current)) }
        return CrashVerdict(releases: releases, outcome: ending.outcome, other: otherEnding)
    }
}
