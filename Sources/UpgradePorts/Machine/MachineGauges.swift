import UpgradeModel

/// Asks the kernel how much of the machine is in use.
package protocol MachineGauges: Sendable {
    /// As it is now.
    func read() -> MachineFigures
}
