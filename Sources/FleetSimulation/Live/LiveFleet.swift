import Synchronization
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation
import UpgradeWire

/// The machines of a scenario in real time, each with a timeline of its own: their work may be done side by side, that of one machine piece
/// after piece. Which hub they ask, and how they download, the workshop says.
package struct LiveFleet: Sendable {
    /// The machines, in the scenario's order.
    package let nodes: [LiveNode]

    /// Makes them; each is switched on at some moment within `spread`. Errors: the first installation of a group does not work.
    /// - Parameters:
    ///   - clock: real time since the beginning.
    ///   - begins: what clocks say at the beginning.
    package init(
        _ scenario: Scenario, seed: UInt64, workshop: NodeWorkshop, begins: UTCInstant, spread: Duration,
        clock: @escaping @Sendable () -> Duration
    ) throws {
        let hub = FleetHub(traits: scenario.hub, beginning: begins, timeline: Timeline(clock: clock))
        nodes = try FleetBirth(
            scenario: scenario, seed: seed, timeline: { Timeline(clock: clock) }, hub: hub, watcher: QuietWatcher(), trace: Trace(),
            workshop: workshop, spread: spread
        ).nodes().map { LiveNode($0) }
    }
}

/// One of them. At no moment may two threads be in `step`.
package final class LiveNode: Sendable {
    private let node: FleetNode

    init(_ node: FleetNode) { self.node = node }

    /// As the scenario names it.
    package var name: String { node.name }

    /// When it has something to do; nil = never again.
    package var next: Duration? { node.timeline.next }

    /// Does the next thing, unless that is later than `end`. False when nothing was left to do.
    package func step(until end: Duration) -> Bool { node.timeline.step(until: end) }

    /// What it thinks of the policies that it knows.
    package var words: [PolicyID: Status] { node.memory?.jobs.mapValues(\.status) ?? [:] }

    /// What keeps it from rest, as far as it knows itself; nil when nothing does.
    package var obstacle: String? {
        if node.isUnwell { return nil }
        guard let agent = node.supervision.withLock({ $0.agent }), agent.handler != nil, let memory = node.memory else {
            return "no agent runs"
        }
        guard node.isAtRest else { return "a trial is not over" }
        for (policy, job) in memory.jobs.sorted(by: { $0.key < $1.key }) where !job.status.isFinal {
            return "\(policy.name) is still \(StatusWord.word(job.status))"
        }
        return memory.outbox.isEmpty ? nil : "\(memory.outbox.count) rows are still owed to the hub"
    }

    /// Whether a policy is for it.
    package func isConcerned(by policy: NodeManagementPolicy) -> Bool { Concern.holds(policy, node.group.row, node.properties) }

    /// True when its agent is of this version.
    package func runs(_ version: String) -> Bool { node.runs(version) }
}
