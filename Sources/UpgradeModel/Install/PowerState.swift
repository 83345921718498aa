/// Where a machine's electricity comes from, as far as its kernel tells.
package struct PowerState: Hashable, Sendable {
    /// True while something from outside feeds it.
    package let isOnMains: Bool
    /// Charge of the fullest battery, 0 to 100; nil when the kernel does not say.
    package let percent: Int?

    /// Memberwise.
    package init(isOnMains: Bool, percent: Int?) {
        self.isOnMains = isOnMains
        self.percent = percent
    }
}
