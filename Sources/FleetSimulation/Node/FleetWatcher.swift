import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// Told what happens on nodes, in order.
protocol FleetWatcher: Sendable {
    func note(_ node: FleetNode, _ what: String)
    /// A fault of the scenario has had an effect on the node of this name.
    func bites(_ node: String, _ fault: String)
    /// The same for a download.
    func bites(_ node: String, download fault: String)
    /// An agent logged that something happened which cannot.
    func impossible(_ node: String, _ line: String)
    /// Something befell the machine: processes were killed, the power went, an operation failed, somebody set the clock.
    func disturbed(_ node: FleetNode)
    /// The disk is made small, or large again.
    func isFull(_ node: FleetNode, _ isFull: Bool)
    /// The agent begins a fresh memory.
    func forgets(_ node: FleetNode)
    /// The machine has started.
    func booted(_ node: FleetNode)
    /// The agent that people rely on is there, or not.
    func isUp(_ node: FleetNode, _ isUp: Bool)
    /// An agent starts from this release.
    func starts(_ node: FleetNode, release: Int)
    /// An installer starts.
    func installs(_ node: FleetNode)
    /// The health command of a release ended well.
    func isWell(_ node: FleetNode, release: Int)
    /// `recover` is about to name what `current` names.
    func commits(_ node: FleetNode)
    /// A transaction is durable.
    func committed(_ node: FleetNode, _ changes: [StoreChange], before: SimMemory, after: SimMemory)
    /// A start is not late yet.
    func isBusy(_ node: FleetNode)
    /// A call goes out to the hub; a probe only finds out during a trial whether it is there.
    func asked(_ node: FleetNode, isProbe: Bool)
    /// It was a sign of life that counts for a turn, and the hub took it.
    func seen(_ node: FleetNode)
    /// It was not answered, or comes to nothing.
    func unheard(_ node: FleetNode)
    /// The same of a download.
    func unheard(download node: String)
    /// The hub took something in.
    func arrives(_ node: FleetNode, _ policy: PolicyID, _ content: OutboxRow.Content)
}
