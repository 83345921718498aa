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
    private let hasChores = Mutex(true)
    let bell: any Bell

    init(bell: any Bell) { self.bell = bell }

    func perform(_ effect: JobEffect, for policy: PolicyID) { add(.effect(effect, policy)) }

    func add(_ deed: Deed) {
        waiting.withLock { $0.append(deed) }
        bell.ring()
    }

    /// Whether old releases are still to be looked at, or the reserve found no room: each poll is another chance for them.
    func setChores(_ isSo: Bool) { hasChores.withLock { $0 = isSo } }

    /// A cycle with the hub is over; one that only said that this node lives wakes nobody.
    func cycled(isQuiet: Bool) {
        if !isQuiet || hasChores.withLock({ $0 }) { bell.ring() }
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
