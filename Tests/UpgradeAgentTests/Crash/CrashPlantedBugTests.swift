import Testing
import UpgradeAgent
import UpgradeModel
import UpgradePorts

/// The matrix finds what it is there for: each of these disks makes a right installer wrong in one place. The first level alone is enough.
@Suite struct CrashPlantedBugTests {
    private func matrix(_ procedure: CrashProcedure, _ seen: @escaping @Sendable (FaultyTree) -> any FileTree) throws -> CrashMatrix {
        var matrix = CrashMatrix(procedure, fraction: 1 << 40, offset: 1)
        matrix.seen = seen
        try matrix.run()
        let first = matrix.violations.first ?? "none"
        print("planted in \(procedure.testDescription): \(matrix.violations.count) violations in \(matrix.cases) cases: \(first)")
        return matrix
    }

    @Test func `undo one step too few is caught`() throws {
        let found = try matrix(.upgrade) { OneUndoTooFew($0) }
        #expect(found.violations.contains { $0.contains("kill at") && $0.contains("expected successful") })
        #expect(!found.violations.contains { $0.contains("undisturbed") })
    }

    @Test func `one missing sync of a folder is caught`() throws {
        let found = try matrix(.upgrade) { OneSyncMissing($0) }
        #expect(found.violations.contains { $0.contains("power cut at") && $0.contains("expected successful") })
        #expect(!found.violations.contains { $0.contains("undisturbed") || $0.contains("kill at") })
        #expect(!found.missing.isEmpty, "the trace lacks it, and that is told too")
    }

    @Test func `a missing sync of what was built is caught`() throws {
        let found = try matrix(.configuration) { SyncOfAllMissing($0) }
        #expect(found.violations.contains { $0.contains("power cut at") && $0.contains("release 2 cannot be read") })
        #expect(!found.violations.contains { $0.contains("undisturbed") || $0.contains("kill at") })
        #expect(found.missing.contains("sync all ."))
    }

    @Test func `a journal written after the effect is caught`() throws {
        let found = try matrix(.upgrade) { JournalAfterEffect($0) }
        #expect(found.violations.contains { $0.contains("kill at") && $0.contains("expected successful") })
        #expect(!found.violations.contains { $0.contains("undisturbed") })
    }
}
