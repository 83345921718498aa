import UpgradeCore
import UpgradePorts

/// The last procedure before the turn is asked for: the package is unpacked, and what an installer of its strategy must find on disk is put there.
struct Unpacking {
    private var unpacker: Unpacker?
    private var wayBack: WayBack?

    /// - Parameters:
    ///   - unpacker: nil for a job without a package.
    ///   - wayBack: nil for a strategy that needs none.
    init(_ unpacker: Unpacker?, wayBack: WayBack?) {
        self.unpacker = unpacker
        self.wayBack = wayBack
    }

    /// One bounded piece of work. Errors: what the machine makes of it.
    mutating func step() throws(ProcedureFailure) -> Step<Void> {
        guard let step = try unpacker?.step() else { return try wayBack?.step() ?? .done(()) }
        switch step {
        case .again: return .again
        case .sleep(let time): return .sleep(time)
        case .await(let id): return .await(id)
        case .done:
            unpacker = nil
            return .again
        }
    }
}
