import Testing
import UpgradePorts
import UpgradeSimulation
import UpgradeSystem

/// What every set of locks promises. Two openings of the same folder stand for two processes.
@Suite("Locks contract")
struct LocksContract {
    @Test("One holder at a time, and the names are apart", arguments: TreeKind.allCases)
    func exclusive(kind: TreeKind) throws {
        let scratch = try TreeScratch()
        let (first, second) = try pair(kind, scratch)
        let held = try #require(try first.take(.install))
        #expect(try second.take(.install) == nil)
        #expect(try first.take(.install) == nil)
        #expect(try second.take(.agent) != nil)
        held.release()
        held.release()
        let next = try #require(try second.take(.install))
        held.release()
        #expect(try first.take(.install) == nil)
        next.release()
    }

    @Test("Letting go of the object lets go of the lock", arguments: TreeKind.allCases)
    func lastReference(kind: TreeKind) throws {
        let scratch = try TreeScratch()
        let (first, second) = try pair(kind, scratch)
        var held = try first.take(.agent)
        #expect(held != nil)
        #expect(try second.take(.agent) == nil)
        held = nil
        #expect(try second.take(.agent) != nil)
    }

    private func pair(_ kind: TreeKind, _ scratch: TreeScratch) throws -> (any Locks, any Locks) {
        switch kind {
        case .live: return (try LiveLocks(root: scratch.folder), try LiveLocks(root: scratch.folder))
        case .simulated:
            let locks = SimLocks()
            return (locks, locks)
        }
    }
}
