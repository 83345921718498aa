import Testing
import UpgradeAgent
import UpgradeModel
import UpgradePorts

/// The matrix finds what it is there for: each of these disks makes a right installer wrong in one place. The first level alone is enough.
@Suite struct CrashPlantedBugTests {
    private func violations(_ procedure: CrashProcedure, _ seen: @escaping @Sendable (FaultyTree) -> any FileTree) throws -> [String] {
        var matrix = CrashMatrix(procedure, fraction: 1 << 40, offset: 1)
        matrix.seen = seen
        try matrix.run()
        print(
            "planted in \(procedure.testDescription): \(matrix.violations.count) violations in \(matrix.cases) cases: "
                + "\(matrix.violations.first ?? "none")")
        return matrix.violations
    }

    @Test func `undo one step too few is caught`() throws {
        let found = try violations(.upgrade) { OneUndoTooFew($0) }
        #expect(found.contains { $0.contains("kill at") && $0.contains("expected successful") })
        #expect(!found.contains { $0.contains("undisturbed") })
    }

    @Test func `one missing sync of a folder is caught`() throws {
        let found = try violations(.upgrade) { OneSyncMissing($0) }
        #expect(found.contains { $0.contains("power cut at") && $0.contains("expected successful") })
        #expect(!found.contains { $0.contains("undisturbed") || $0.contains("kill at") })
    }

    @Test func `a journal written after the effect is caught`() throws {
        let found = try violations(.upgrade) { JournalAfterEffect($0) }
        #expect(found.contains { $0.contains("kill at") && $0.contains("expected successful") })
        #expect(!found.contains { $0.contains("undisturbed") })
    }
}
