import Synchronization
import UpgradePorts

/// Counts how often memory was given back.
package final class SimResidentMemory: ResidentMemory {
    private let times = Mutex(0)

    /// Never yet.
    package init() {}

    /// How often.
    package var givenBack: Int { times.withLock { $0 } }

    package func giveBack() { times.withLock { $0 += 1 } }
}
