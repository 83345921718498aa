import Synchronization
import UpgradePorts

/// The locks of a simulated node.
package final class SimLocks: Locks {
    private struct State {
        var holders: [LockName: Int] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    /// Nobody holds anything.
    package init() {}

    package func take(_ name: LockName) -> (any HeldLock)? {
        let holder: Int? = state.withLock { state in
            guard state.holders[name] == nil else { return nil }
            state.next += 1
            state.holders[name] = state.next
            return state.next
        }
        return holder.map { SimHeldLock(name, holder: $0, in: self) }
    }

    /// True while somebody has it.
    package func isHeld(_ name: LockName) -> Bool { state.withLock { $0.holders[name] != nil } }

    /// What the kernel does when every process is gone; objects that outlive their process hold nothing any more.
    package func dropAll() { state.withLock { $0.holders = [:] } }

    /// What the kernel does when the process that holds it is gone.
    package func drop(_ name: LockName) { state.withLock { $0.holders[name] = nil } }

    fileprivate func release(_ name: LockName, holder: Int) {
        state.withLock { if $0.holders[name] == holder { $0.holders[name] = nil } }
    }
}

private final class SimHeldLock: HeldLock {
    private let name: LockName
    private let holder: Int
    private let locks: SimLocks

    init(_ name: LockName, holder: Int, in locks: SimLocks) {
        self.name = name
        self.holder = holder
        self.locks = locks
    }

    deinit { release() }

    func release() { locks.release(name, holder: holder) }
}
