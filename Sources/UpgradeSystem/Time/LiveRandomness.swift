import UpgradePorts

/// Chance from the kernel.
package struct LiveRandomness: Randomness {
    /// The kernel's source needs no preparation.
    package init() {}

    package func next() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}
