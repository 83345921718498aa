import UpgradeModel

/// Asks the kernel where the electricity comes from.
package protocol PowerSource: Sendable {
    /// As it is now; nil on a machine without a battery, and where the kernel says nothing.
    func state() -> PowerState?
}
