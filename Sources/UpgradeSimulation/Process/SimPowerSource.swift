import Synchronization
import UpgradeModel
import UpgradePorts

/// A machine whose plug a test pulls.
package final class SimPowerSource: PowerSource {
    private let present: Mutex<PowerState?>

    /// Without a battery unless told otherwise.
    package init(_ state: PowerState? = nil) { present = Mutex(state) }

    package func state() -> PowerState? { present.withLock { $0 } }

    /// From now on it is so.
    package func set(_ state: PowerState?) { present.withLock { $0 = state } }
}
