import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// Watches nothing: against a true hub nobody knows better than the hub what arrived there.
struct QuietWatcher: FleetWatcher {
    func note(_ node: FleetNode, _ what: String) {}
    func bites(_ node: String, _ fault: String) {}
    func bites(_ node: String, download fault: String) {}
    func impossible(_ node: String, _ line: String) {}
    func disturbed(_ node: FleetNode) {}
    func isFull(_ node: FleetNode, _ isFull: Bool) {}
    func forgets(_ node: FleetNode) {}
    func booted(_ node: FleetNode) {}
    func isUp(_ node: FleetNode, _ isUp: Bool) {}
    func starts(_ node: FleetNode, release: Int) {}
    func installs(_ node: FleetNode) {}
    func isWell(_ node: FleetNode, release: Int) {}
    func commits(_ node: FleetNode) {}
    func committed(_ node: FleetNode, _ changes: [StoreChange], before: SimMemory, after: SimMemory) {}
    func isBusy(_ node: FleetNode) {}
    func asked(_ node: FleetNode, isProbe: Bool) {}
    func seen(_ node: FleetNode) {}
    func unheard(_ node: FleetNode) {}
    func unheard(download node: String) {}
    func arrives(_ node: FleetNode, _ policy: PolicyID, _ content: OutboxRow.Content) {}
}
