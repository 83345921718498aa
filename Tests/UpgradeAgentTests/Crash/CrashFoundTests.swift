import Testing
import UpgradeAgent
import UpgradeModel
import UpgradePorts

/// What the second level of the matrix has found, each with its first fault and every second one: looked at in every run, whatever part of the
/// second level is chosen.
@Suite struct CrashFoundTests {
    /// The n-th operation of this name on the journal, and the fault that hits it.
    struct Found: Sendable, CustomTestStringConvertible {
        let procedure: CrashProcedure
        let operation: String
        let occurrence: Int
        let fault: CrashFault

        var testDescription: String { "\(procedure.testDescription), \(fault.rawValue) at \(operation) \(occurrence)" }
    }

    static let all: [Found] = [
        // A refusal undid the links while `switch-intended` was there and only its sync had failed: the next installer could never switch.
        Found(procedure: .upgrade, operation: "sync", occurrence: 3, fault: .error),
        // The same with a record whose write was reported as an error.
        Found(procedure: .upgrade, operation: "sync", occurrence: 3, fault: .shortWrite),
        // The way back was gone upon a `rollback-intended` that nobody had synced, and a power cut took the record.
        Found(procedure: .rollback, operation: "sync", occurrence: 7, fault: .kill),
        Found(procedure: .lostJournal, operation: "sync", occurrence: 3, fault: .kill),
    ]

    @Test(arguments: all) func `stays mended`(found: Found) throws {
        let clean = CrashCase(scenario: found.procedure.scenario, start: try found.procedure.start(found.procedure.scenario))
        let run = try clean.run(keepsImages: true)
        let verdict = try found.procedure.verdict(clean, run)
        let journal = Layout.journal(Fixture.ticket)
        let places = run.moments.indices.filter {
            run.moments[$0].operation == FaultyTree.Operation(name: found.operation, path: journal)
        }
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
