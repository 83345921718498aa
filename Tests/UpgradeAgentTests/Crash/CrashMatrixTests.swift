import Foundation
import Testing
import UpgradeAgent
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// How much of the second level is run: one case in so many; all with `UPLIFT_SOAK=1`.
private enum CrashAmount {
    static let environment = ProcessInfo.processInfo.environment
    static let fraction = environment["UPLIFT_SOAK"] == "1" ? 1 : 256
    /// `UPLIFT_SEED` chooses others.
    static let seed = environment["UPLIFT_SEED"].flatMap { UInt64($0) } ?? 1
}

/// Runs a procedure's matrix, prints its table and expects that nothing went wrong.
private func checkMatrix(_ procedure: CrashProcedure) throws {
    var matrix = CrashMatrix(procedure, fraction: CrashAmount.fraction, offset: Int(CrashAmount.seed % UInt64(CrashAmount.fraction)))
    try matrix.run()
    print(
        """
        | strategy | procedure | fault | operations | cases | cases in recovery | time |
        \(matrix.table)
        crash matrix: \(matrix.cases) cases, \(matrix.violations.count) violations: \(procedure.testDescription), \
        \(matrix.trace.count) operations × \(CrashFault.allCases.count) faults, then \(matrix.secondChosen) of the \(matrix.secondProduct) \
        cases in its recoveries (one in \(CrashAmount.fraction), UPLIFT_SEED=\(CrashAmount.seed)), \
        \(matrix.secondChosen - matrix.merged) of them run and \(matrix.merged) proven by one with an equal start; \
        power cut with lost page cache at \(matrix.rows[.powerCut]?.first ?? 0) points
        """)
    for violation in matrix.violations.prefix(20) { Issue.record("\(violation)") }
    #expect(matrix.violations.isEmpty)
    #expect(matrix.missing == [], "the plan names these, in this order")
    for fault in CrashFault.allCases {
        #expect(matrix.rows[fault]?.first == matrix.trace.count, "\(fault)")
        #expect(matrix.rows[fault]?.second ?? 0 > 0, "\(fault)")
    }
    #expect(matrix.cases == matrix.firstProduct + matrix.secondChosen)
    #expect(matrix.rows[.powerCut]?.first ?? 0 >= 25)
}

/// An upgrade is interrupted at every operation by every fault, and its recovery again.
@Suite struct CrashUpgradeTests {
    @Test(arguments: [CrashProcedure.upgrade, .configuration, .debUpgrade, .scriptUpgrade])
    func `an upgrade is whole or was never there`(procedure: CrashProcedure) throws { try checkMatrix(procedure) }

    /// What the verdicts compare with is the package.
    @Test func `the new release is the package, byte by byte`() throws {
        let start = try CrashProcedure.upgrade.start(CrashProcedure.upgrade.scenario)
        let run = try CrashCase(scenario: CrashProcedure.upgrade.scenario, start: start).run(keepsImages: false)
        let unpacked = Listing(start.disk, Layout.staged(Fixture.ticket))
        #expect(Listing(run.node.inner, Layout.software(2)) == unpacked)
        #expect(unpacked.entries.values.filter { $0.kind == .file }.count == 5)
    }
}

/// A rollback is interrupted at every operation by every fault, and its recovery again.
@Suite struct CrashRollbackTests {
    @Test(arguments: [CrashProcedure.rollback, .hardRollback, .debRollback, .scriptRollback])
    func `a rollback ends with the old release`(procedure: CrashProcedure) throws { try checkMatrix(procedure) }
}

/// A recovery is interrupted at every operation by every fault, and the recovery of that again.
@Suite struct CrashRecoveryTests {
    @Test(arguments: [CrashProcedure.recovery, .lostJournal, .debRecovery])
    func `a recovery can be recovered`(procedure: CrashProcedure) throws { try checkMatrix(procedure) }
}
