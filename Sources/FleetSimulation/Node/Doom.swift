import Synchronization

/// Death in the middle of a piece of work: from one disk operation on nothing that the process does has an effect.
final class Doom: Sendable {
    /// What happens at the operation.
    enum Kind: Hashable, Sendable {
        /// The processes are killed.
        case kill
        /// The power goes, and comes back after this long.
        case powerCut(back: Duration)
    }

    private struct State {
        /// Operations that still succeed.
        var left: Int?
        var kind = Kind.kill
        var hasStruck = false
    }

    private let state = Mutex(State())

    /// The operation with this number, counted from now, does not happen any more.
    func set(_ kind: Kind, atOperation number: Int) {
        state.withLock { $0 = State(left: max(0, number - 1), kind: kind) }
    }

    /// True while the process is dead but does not know it yet.
    var hasStruck: Bool { state.withLock { $0.hasStruck } }

    /// One operation more. False when it must not happen.
    func allows() -> Bool {
        state.withLock { state in
            if state.hasStruck { return false }
            guard let left = state.left else { return true }
            state.left = left - 1
            state.hasStruck = left == 0
            return !state.hasStruck
        }
    }

    /// After a piece of work: what became of the machine, if anything.
    func take() -> Kind? {
        state.withLock { state in
            guard state.hasStruck else { return nil }
            defer { state = State() }
            return state.kind
        }
    }
}
