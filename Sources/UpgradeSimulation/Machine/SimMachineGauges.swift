import UpgradeModel
import UpgradePorts

/// A machine whose figures somebody chose.
package struct SimMachineGauges: MachineGauges {
    private let figures: MachineFigures

    /// Nothing is known unless it is given.
    package init(_ figures: MachineFigures = MachineFigures()) { self.figures = figures }

    package func read() -> MachineFigures { figures }
}
