import Testing
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// Cases with an equal start are run once: nothing gets lost by that.
@Suite struct CrashMergeTests {
    private func matrix(_ merges: Bool) throws -> CrashMatrix {
        var matrix = CrashMatrix(.configuration, fraction: 128, offset: 1)
        matrix.seen = { SyncOfAllMissing($0) }
        matrix.merges = merges
        try matrix.run()
        return matrix
    }

    @Test func `a planted bug shows in the same cases, whether cases are merged or not`() throws {
        let (merged, whole) = (try matrix(true), try matrix(false))
        #expect(merged.violations == whole.violations)
        #expect(merged.violations.contains { $0.contains(", then power cut at") })
        #expect(merged.cases == whole.cases && merged.cases == whole.firstProduct + whole.secondChosen)
        #expect(merged.merged > 0 && whole.merged == 0)
        print("merged: \(merged.merged) of \(merged.secondChosen) cases, \(merged.violations.count) violations with and without")
    }

    /// From equal starts everything is equal: each operation on the way, and the node at rest with all that is on it.
    @Test(arguments: [CrashProcedure.upgrade, .rollback, .debRecovery])
    func `equal starts live equal lives`(procedure: CrashProcedure) throws {
        let clean = CrashCase(scenario: procedure.scenario, start: try procedure.start(procedure.scenario))
        let run = try clean.run(keepsImages: true)
        var cases: [CrashStart: [CrashCase]] = [:]
        for index in run.moments.indices {
            for fault in CrashFault.allCases where fault.failure == nil {
                let hit = try #require(clean.hit(index, by: fault, of: run))
                cases[try CrashStart(hit), default: []].append(hit)
            }
        }
        let equal = cases.values.filter { $0.count > 1 }
        #expect(equal.count > 5)
        for one in equal {
            let lives = try [one[0], one[one.count - 1]].map { try Life($0) }
            let isEqual = lives[0] == lives[1]
            #expect(isEqual, "\(lives.map(\.operations))")
        }
        print("equal starts: \(equal.count) of \(cases.count), \(procedure.testDescription)")
    }

    private struct Life: Equatable {
        let operations: [FaultyTree.Operation]
        let end: CrashStart

        init(_ one: CrashCase) throws {
            let run = try one.run(keepsImages: false)
            operations = run.moments.map(\.operation)
            end = try CrashStart(CrashCase(scenario: one.scenario, start: run.node.image))
        }
    }

    /// Whatever is different, the start is another one.
    @Test func `nothing is left out`() throws {
        let image = try CrashProcedure.upgrade.start(CrashProcedure.upgrade.scenario)
        let change = { (body: (inout NodeImage) throws -> Void) throws in
            var other = image
            try body(&other)
            return other
        }
        let onDisk = { (body: (SimFileTree) throws -> Void) throws in
            try change { image in
                let tree = SimFileTree(image.disk)
                try body(tree)
                image.disk = tree.disk
            }
        }
        let (file, path) = (Layout.plan(Fixture.ticket), TreePath.known("new"))
        var open: [any TreeFile] = []
        let others = [
            image,
            try onDisk { try $0.open(file, for: .writing).write([0], at: 3) },
            try onDisk {
                try $0.open(file, for: .writing).write([0], at: 3)
                try $0.syncAll()
            },
            try onDisk { try $0.setMode(file, mode: 0o640) },
            try onDisk { open.append(try $0.open(file, for: .reading)) },
            try onDisk { try $0.symbolicLink("a", at: path) },
            try onDisk { try $0.symbolicLink("b", at: path) },
            try onDisk { try $0.makeDirectory(path, mode: 0o700) },
            try onDisk { try $0.rename(Layout.current, to: path) },
            try onDisk { $0.setCapacity(1 << 20) },
            try change { $0.now = $0.now.adding(.milliseconds(1)) },
            try change { $0.sinceBoot += .milliseconds(1) },
            try change { $0.agent.process = nil },
            try change { $0.agent.starts[2] = 1 },
            try change { $0.wrongs = ["wrong"] },
            try change { $0.memories = [:] },
            try change { $0.lastReading = JournalReading([]) },
        ]
        let cases = others.map { CrashCase(scenario: CrashProcedure.upgrade.scenario, start: $0) }
        var excused = cases[0]
        excused.failedBefore = [FaultyTree.Operation(name: "sync", path: path)]
        let failing = try cases.prefix(1).flatMap { one in
            try CrashFault.allCases.map { try CrashStart(one).failing([1: $0]) } + [try CrashStart(one).failing([2: .error])]
        }
        let starts = try (cases + [excused]).map { try CrashStart($0) } + failing
        #expect(Set(starts).count == starts.count)
        #expect(Set(starts).count == others.count + 1 + CrashFault.allCases.count + 1)
        #expect(try CrashStart(cases[0]) == starts[0] && !open.isEmpty)
    }
}
