import Testing
import UpgradeAgent
import UpgradeModel
import UpgradePorts

/// What the second level of the matrix has found, each with its first fault and every second one: looked at in every run, whatever part of the
/// second level is chosen.
@Suite struct CrashFoundTests {
    /// An operation, by its name, and the fault that hits it.
    struct Found: Sendable, CustomTestStringConvertible {
        let procedure: CrashProcedure
        let fault: CrashFault
        let operation: FaultyTree.Operation
        let occurrence: Int

        init(_ procedure: CrashProcedure, _ fault: CrashFault, _ name: String, _ path: TreePath, _ occurrence: Int) {
            (self.procedure, self.fault, self.occurrence) = (procedure, fault, occurrence)
            operation = FaultyTree.Operation(name: name, path: path)
        }

        var testDescription: String { "\(procedure.testDescription), \(fault.rawValue) at \(operation), number \(occurrence)" }
    }

    private static let journal = Layout.journal(Fixture.ticket)

    static let all: [Found] = [
        // A refusal undid the links while `switch-intended` was there and only its sync had failed: the next installer could never switch.
        Found(.upgrade, .error, "sync", journal, 3),
        // The same with a sync that was done and reported as an error.
        Found(.upgrade, .shortWrite, "sync", journal, 3),
        // The way back was gone upon a `rollback-intended` that nobody had synced, and a power cut took the record.
        Found(.rollback, .kill, "sync", journal, 7),
        Found(.lostJournal, .kill, "sync", journal, 3),
        // The next installer went on with a journal whose name nobody had synced, and a power cut took all of it.
        Found(.rollback, .kill, "sync folder", Layout.job(Fixture.ticket), 1),
    ]

    @Test(arguments: all) func `stays mended`(found: Found) throws {
        let clean = CrashCase(scenario: found.procedure.scenario, start: try found.procedure.start(found.procedure.scenario))
        let run = try clean.run(keepsImages: true)
        let verdict = try found.procedure.verdict(clean, run)
        let places = run.moments.indices.filter { run.moments[$0].operation == found.operation }
        let index = try #require(places.dropFirst(found.occurrence - 1).first)
        let hit = try #require(clean.hit(index, by: found.fault, of: run))
        let recovery = try hit.run(keepsImages: true)
        #expect(verdict.violations(recovery) == [])
        for again in recovery.moments.indices.dropFirst(found.fault.failure == nil ? 0 : index + 1) {
            for second in CrashFault.allCases {
                let end = try #require(hit.hit(again, by: second, of: recovery)).run(keepsImages: false)
                #expect(verdict.violations(end) == [], "\(second.rawValue) at \(recovery.moments[again].operation)")
            }
        }
        print("found once, \(found.testDescription): \(recovery.moments.count) operations × \(CrashFault.allCases.count) faults after it")
    }
}
