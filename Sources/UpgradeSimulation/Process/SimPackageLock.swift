import Synchronization
import UpgradePorts

/// A package manager that works for as long as a test says.
package final class SimPackageLock: PackageLock {
    private let held = Mutex(false)

    /// Free.
    package init() {}

    package var isHeld: Bool { held.withLock { $0 } }

    /// From now on it is so.
    package func set(_ isHeld: Bool) { held.withLock { $0 = isHeld } }
}
