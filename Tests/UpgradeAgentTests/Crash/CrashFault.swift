import UpgradeSimulation

/// What goes wrong at one operation.
enum CrashFault: String, CaseIterable, Sendable {
    /// The operation does nothing and reports an error; the installer goes on as it can.
    case error
    /// A write is cut short; any other operation takes effect and reports an error all the same.
    case shortWrite = "short write"
    /// The operation finds no space.
    case noSpace = "ENOSPC"
    /// The installer dies before the operation; agent and page cache live on.
    case kill
    /// The power goes before the operation, with everything that was not synced.
    case powerCut = "power cut"
    /// The power goes, and the last unsynced operation on names came through before the earlier ones.
    case reordered = "renames reordered"
    /// The power goes in the middle of the last unsynced write.
    case torn = "torn last write"

    /// How the operation fails; nil when nobody lives on to see it.
    var failure: FaultyTree.Failure? {
        switch self {
        case .error: .error
        case .shortWrite: .halfway
        case .noSpace: .noSpace
        case .kill, .powerCut, .reordered, .torn: nil
        }
    }

    /// What is lost with the power.
    private var loss: PowerCutLoss? {
        switch self {
        case .error, .shortWrite, .noSpace, .kill: nil
        case .powerCut: .everything
        case .reordered: .earlierNames
        case .torn: .partOfLastWrite
        }
    }

    /// The node on which the next process finds itself.
    func after(_ image: NodeImage) -> NodeImage { loss.map(image.afterPowerCut) ?? image.afterKill }
}
