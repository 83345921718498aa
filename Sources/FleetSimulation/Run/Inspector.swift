import ExchangeModel
import Synchronization
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Watches a fleet while it lives: whatever a node says is held against what the simulator itself knows at that moment, never against the agent's
/// own word. Source: architecture, "Invariants every simulated or killed run must keep".
final class Inspector: FleetWatcher {
    /// Something that must never be.
    struct Violation: Hashable, Sendable {
        let at: Duration
        let node: String
        let what: String
    }

    struct State {
        var violations: [Violation] = []
        /// Nodes whose agent is not there because of an upgrade.
        var down: Set<String> = []
        var downByGroup: [String: Set<String>] = [:]
        var mostDown = 0
        var mostDownInGroup = 0
        var truths: [String: NodeTruth] = [:]
        /// Terms under which each policy was ever published.
        var terms: [PolicyID: [NodeManagementPolicy]] = [:]
        var faults = 0
        /// Versions whose package was replaced by a good one.
        var replaced: Set<String> = []
        /// When the hub last answered something else.
        var outage: Duration = .zero
        /// Versions by the descriptors that say them: a fleet starts the same few over and over.
        var described: [[UInt8]: String?] = [:]
    }

    let trace: Trace
    let timeline: Timeline
    let scenario: Scenario
    let chronicler = Chronicler()
    let state = Mutex(State())

    init(scenario: Scenario, timeline: Timeline, trace: Trace) {
        self.scenario = scenario
        self.timeline = timeline
        self.trace = trace
    }

    var violations: [Violation] { state.withLock { $0.violations } }
    var mostDown: Int { state.withLock { $0.mostDown } }
    var mostDownInGroup: Int { state.withLock { $0.mostDownInGroup } }
    /// How often a fault had an effect.
    var faults: Int { state.withLock { $0.faults } }

    func truth(of node: String) -> NodeTruth { state.withLock { $0.truths[node] ?? NodeTruth() } }

    func learn(_ node: String, _ body: @Sendable (inout NodeTruth) -> Void) {
        state.withLock { body(&$0.truths[node, default: NodeTruth()]) }
    }

    func violated(_ name: String, _ what: String) {
        let now = timeline.now
        trace.note(now, name, "VIOLATION: \(what)")
        state.withLock { $0.violations.append(Violation(at: now, node: name, what: what)) }
    }

    func violated(_ node: FleetNode, _ what: String) { violated(node.name, what) }

    func note(_ node: FleetNode, _ what: String) { trace.note(node.clock.elapsed, node.name, what) }

    /// The machine said of an event that it cannot happen.
    func impossible(_ node: String, _ line: String) { violated(node, line) }

    // MARK: The machine

    func bites(_ node: String, _ fault: String) {
        trace.note(timeline.now, node, "FAULT: \(fault)")
        state.withLock { $0.faults += 1 }
    }

    func bites(_ node: String, download fault: String) {
        unheard(download: node)
        bites(node, fault)
    }

    func unheard(download node: String) {
        let now = timeline.now
        learn(node) { $0.unheard = max($0.unheard, now) }
    }

    /// The hub answers something else than what it is asked for.
    func outage(_ fault: String) {
        let now = timeline.now
        state.withLock { $0.outage = now }
        bites("hub", fault)
    }

    /// What it said and what it learned begins anew.
    func forgets(_ node: FleetNode) {
        learn(node.name) { ($0.words, $0.rolledBack) = ([:], []) }
    }

    /// Whatever goes wrong now may be for that.
    func disturbed(_ node: FleetNode) {
        let now = node.clock.elapsed
        learn(node.name) {
            $0.disturbed = now
            $0.free = now
        }
    }

    /// The disk is made small, or large again.
    func isFull(_ node: FleetNode, _ isFull: Bool) {
        disturbed(node)
        learn(node.name) { $0.isFull = isFull }
    }

    /// The node could not reach the hub, or the hub did not answer it.
    func unheard(_ node: FleetNode) {
        let now = node.clock.elapsed
        learn(node.name) {
            $0.unheard = now
            $0.free = now
        }
    }

    /// The hub took a heartbeat or a question for a turn.
    func seen(_ node: FleetNode) {
        guard node.haGroup != nil else { return }
        let now = node.timeline.now
        learn(node.name) { $0.seen = now }
    }

    /// A start is not late before the node has been at leisure for a while.
    func isBusy(_ node: FleetNode) {
        let now = node.clock.elapsed
        learn(node.name) { $0.free = now }
    }

    /// A proof of health counts in the boot in which it was made, unless a commit was already intended upon it.
    func booted(_ node: FleetNode) {
        let job = try? OpenJobs(tree: node.tree).unfinished()
        if case .committing? = job?.reading.phase { return }
        learn(node.name) { $0.proven = [] }
    }

    func isWell(_ node: FleetNode, release: Int) { learn(node.name) { $0.proven.insert(release) } }

    func isUp(_ node: FleetNode, _ isUp: Bool) {
        trace.note(node.clock.elapsed, node.name, isUp ? "agent answers" : "agent is gone")
        if isUp {
            isBusy(node)
            learn(node.name) { $0.hasLostTurn = false }
        }
        let isUpgrade = node.supervision.withLock { $0.handsOff } || (try? node.boot.openJob()) != nil
        let now = node.timeline.now
        let (down, together) = state.withLock { state in
            let group = node.haGroup ?? ""
            if isUp {
                if state.down.remove(node.name) != nil { state.downByGroup[group]?.remove(node.name) }
            } else if isUpgrade, state.down.insert(node.name).inserted {
                state.downByGroup[group, default: []].insert(node.name)
            }
            state.mostDown = max(state.mostDown, state.down.count)
            guard let members = state.downByGroup[group], !group.isEmpty else { return (state.down.count, 0) }
            state.mostDownInGroup = max(state.mostDownInGroup, members.count)
            // Who gives no sign of life for the time of a lease has lost its turn, whatever becomes of it.
            let together = members.count { name in
                let truth = state.truths[name] ?? NodeTruth()
                return !truth.hasLostTurn && now - truth.seen <= TurnRule.lease
            }
            return (state.down.count, isUp ? 0 : together)
        }
        chronicler.down(down)
        if together > 1 { violated(node, "\(together) members of \(node.haGroup ?? "") are down because of upgrades") }
    }
}
