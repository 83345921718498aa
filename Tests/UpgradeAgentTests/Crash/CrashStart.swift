import UpgradeModel
import UpgradeSimulation

/// Everything that the ending of a case and its verdict depend on, but for what all cases of a matrix share (scenario, and what is planted).
struct CrashStart: Hashable {
    /// SHA-256 of all that the disk tells: hundreds of thousands of disks would not fit into memory.
    private let disk: Digest
    /// The node without its disk.
    private let rest: NodeImage
    private let failedBefore: [FaultyTree.Operation]
    private var failing: [Int: CrashFault]

    init(_ one: CrashCase) throws {
        disk = try Publisher.shared.get().digest(one.start.disk.told)
        var rest = one.start
        rest.disk = SimDisk(capacity: 0)
        (self.rest, failedBefore, failing) = (rest, one.failedBefore, one.failing)
    }

    /// The same node, hit by other faults.
    func failing(_ failing: [Int: CrashFault]) -> CrashStart {
        var start = self
        start.failing = failing
        return start
    }
}
