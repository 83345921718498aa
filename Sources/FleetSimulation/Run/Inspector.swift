import Synchronization
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Watches a fleet while it lives, and knows what its statuses claim: whatever a node says is held against what is on its disk at that moment.
final class Inspector: FleetWatcher {
    /// Something that must never be.
    struct Violation: Hashable, Sendable {
        let at: Duration
        let node: String
        let what: String
    }

    private struct State {
        var violations: [Violation] = []
        /// Nodes whose agent is not there because of an upgrade.
        var down: Set<String> = []
        var downByGroup: [String: Int] = [:]
        var mostDown = 0
        var mostDownInGroup = 0
        /// Versions that were rolled back, by node.
        var rolledBack: [String: Set<String>] = [:]
        /// The newest word of each node and policy.
        var words: [String: [PolicyID: Status]] = [:]
        /// Words over time: when, how many.
        var reached: [PolicyID: [Status: [Duration]]] = [:]
    }

    let trace: Trace
    let chronicler = Chronicler()
    private let timeline: Timeline
    private let state = Mutex(State())

    init(timeline: Timeline, trace: Trace) {
        self.timeline = timeline
        self.trace = trace
    }

    var violations: [Violation] { state.withLock { $0.violations } }
    var mostDown: Int { state.withLock { $0.mostDown } }
    var mostDownInGroup: Int { state.withLock { $0.mostDownInGroup } }

    func words(of node: String) -> [PolicyID: Status] { state.withLock { $0.words[node] ?? [:] } }

    /// A person reset the node's job: what failed may be tried again.
    func wasReset(_ node: String) { state.withLock { $0.rolledBack[node] = nil } }

    func violated(_ node: FleetNode?, _ what: String) {
        let (name, now) = (node?.name ?? "hub", timeline.now)
        trace.note(now, name, "VIOLATION: \(what)")
        state.withLock { $0.violations.append(Violation(at: now, node: name, what: what)) }
    }

    func note(_ node: FleetNode, _ what: String) { trace.note(node.clock.elapsed, node.name, what) }

    func isUp(_ node: FleetNode, _ isUp: Bool) {
        trace.note(node.clock.elapsed, node.name, isUp ? "agent answers" : "agent is gone")
        let isUpgrade = node.supervision.withLock { $0.handsOff }
        let down = state.withLock { state in
            let group = node.haGroup
            if isUp {
                if state.down.remove(node.name) != nil, let group { state.downByGroup[group, default: 0] -= 1 }
            } else if isUpgrade, state.down.insert(node.name).inserted, let group {
                state.downByGroup[group, default: 0] += 1
            }
            state.mostDown = max(state.mostDown, state.down.count)
            if let group { state.mostDownInGroup = max(state.mostDownInGroup, state.downByGroup[group] ?? 0) }
            return state.down.count
        }
        chronicler.down(down)
    }

    /// What starts is one package, whole.
    func starts(_ node: FleetNode, release: Int) {
        guard let version = node.version(of: release) else { return }
        trace.note(node.clock.elapsed, node.name, "starts \(version)")
        chronicler.starts(node.name, version)
        let files = [SimPackage.program, SimPackage.healthCommand].map { node.text(of: release, $0) }
        let descriptor = try? node.tree.contents(Layout.descriptor(release))
        guard files.allSatisfy({ $0 == version }), descriptor.flatMap({ PackageReading.version(of: $0) }) == version else {
            return violated(node, "release \(release) is a mixture: \(files), expected \(version) in each")
        }
    }

    /// A word is committed: from now on the node says so.
    func owes(_ node: FleetNode, _ policy: PolicyID, _ report: StatusReport) {
        let reason = report.reason.isEmpty ? "" : ": \(report.reason)"
        trace.note(node.clock.elapsed, node.name, "\(policy.name) \(report.status.rawValue)\(reason)")
        chronicler.says(node.name, policy.name, report)
        let now = timeline.now
        state.withLock { state in
            state.words[node.name, default: [:]][policy] = report.status
            state.reached[policy, default: [:]][report.status, default: []].append(now)
        }
        let target = report.facts.versions[.software] ?? ""
        switch report.status {
        case .initiated: initiated(node, target)
        case .successful: successful(node, target)
        case .rollbackSuccessful: rolledBack(node, target)
        default: break
        }
    }

    private func initiated(_ node: FleetNode, _ target: String) {
        guard state.withLock({ $0.rolledBack[node.name]?.contains(target) == true }) else { return }
        violated(node, "version \(target), which was rolled back here, is tried again by itself")
    }

    private func successful(_ node: FleetNode, _ target: String) {
        let (current, recover) = (try? node.tree.release(at: Layout.current), try? node.tree.release(at: Layout.recover))
        let version = current.flatMap { $0 }.flatMap { node.version(of: $0) }
        guard current == recover, version == target || target.isEmpty else {
            return violated(node, "says successful for \(target), but runs \(version ?? "nothing")")
        }
        let sickness = node.behaviour(target)
        if let sickness, sickness != .diesLater { violated(node, "says successful for \(target), which is \(sickness.rawValue) here") }
    }

    private func rolledBack(_ node: FleetNode, _ target: String) {
        state.withLock { _ = $0.rolledBack[node.name, default: []].insert(target) }
        let (current, recover) = (try? node.tree.release(at: Layout.current), try? node.tree.release(at: Layout.recover))
        let version = current.flatMap { $0 }.flatMap { node.version(of: $0) }
        if current != recover || version == target { violated(node, "says rollback successful, but runs \(version ?? "nothing")") }
    }
}

extension FleetNode {
    /// The version whose program a release holds.
    func version(of release: Int) -> String? { (try? tree.text(Layout.program(release))) ?? nil }

    fileprivate func text(of release: Int, _ path: String) -> String? {
        guard let path = TreePath(path) else { return nil }
        return (try? tree.text(Layout.software(release).appending(path))) ?? nil
    }
}
