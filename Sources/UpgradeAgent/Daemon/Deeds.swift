import Synchronization
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// What waits for the mind's thread: effects that were committed, and answers that procedures gave. Nothing here survives a restart, and
/// nothing has to: the machine says it again.
final class Deeds: EffectRunner {
    /// One thing to do.
    enum Deed: Sendable {
        case effect(JobEffect, PolicyID)
        case answer(JobEvent)
        case giveBack(Ticket, reason: String)
    }

    private let waiting = Mutex<[Deed]>([])
    let bell: any Bell

    init(bell: any Bell) { self.bell = bell }

    func perform(_ effect: JobEffect, for policy: PolicyID) { add(.effect(effect, policy)) }

    func add(_ deed: Deed) {
        waiting.withLock { $0.append(deed) }
        bell.ring()
    }

    /// True when nothing waits.
    var isEmpty: Bool { waiting.withLock(\.isEmpty) }

    /// Everything that waits, in order.
    func take() -> [Deed] {
        waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}
