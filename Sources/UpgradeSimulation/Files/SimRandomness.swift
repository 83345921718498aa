import Synchronization
import UpgradePorts

/// Chance that repeats itself: the same seed gives the same numbers on every machine (the splitmix64 rule).
package final class SimRandomness: Randomness {
    private let state: Mutex<UInt64>

    /// Begins at a seed.
    package init(seed: UInt64) { state = Mutex(seed) }

    package func next() -> UInt64 {
        state.withLock { state in
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
