import Synchronization
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeWire

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
        /// Software that was rolled back, by node.
        var rolledBack: [String: Set<String>] = [:]
        /// The newest word of each node and policy.
        var words: [String: [PolicyID: Status]] = [:]
        /// Nodes whose next rollback a person has forgiven already.
        var forgiven: Set<String> = []
        var faults = 0
        /// Versions by the descriptors that say them: a fleet starts the same few over and over.
        var described: [[UInt8]: String?] = [:]
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
    func wasReset(_ node: String) {
        state.withLock { state in
            state.rolledBack[node] = nil
            // One that comes before the end of a way back holds for what follows it.
            if state.words[node]?.values.contains(where: { !$0.isFinal }) == true { state.forgiven.insert(node) }
        }
    }

    /// The node has forgotten all it had to do.
    func wasUnregistered(_ node: String) { state.withLock { $0.words[node] = nil } }

    func violated(_ node: FleetNode?, _ what: String) {
        let (name, now) = (node?.name ?? "hub", timeline.now)
        trace.note(now, name, "VIOLATION: \(what)")
        state.withLock { $0.violations.append(Violation(at: now, node: name, what: what)) }
    }

    /// How often a fault had an effect.
    var faults: Int { state.withLock { $0.faults } }

    func bites(_ node: String, _ fault: String) {
        trace.note(timeline.now, node, "FAULT: \(fault)")
        state.withLock { $0.faults += 1 }
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
        guard files.allSatisfy({ $0 == version }), descriptor.flatMap({ described($0) }) == version else {
            return violated(node, "release \(release) is a mixture: \(files), expected \(version) in each")
        }
    }

    private func described(_ descriptor: [UInt8]) -> String? {
        if let known = state.withLock({ $0.described[descriptor] }) { return known }
        let version = PackageReading.version(of: descriptor)
        state.withLock { $0.described[descriptor] = .some(version) }
        return version
    }

    /// A word is committed: from now on the node says so.
    func owes(_ node: FleetNode, _ policy: PolicyID, _ report: StatusReport) {
        let reason = report.reason.isEmpty ? "" : ": \(report.reason)"
        trace.note(node.clock.elapsed, node.name, "\(policy.name) \(StatusWord.word(report.status))\(reason)")
        chronicler.says(node.name, policy.name, report)
        state.withLock { $0.words[node.name, default: [:]][policy] = report.status }
        let versions = report.facts.versions
        switch report.status {
        case .initiated: initiated(node, versions[.software])
        case .successful: successful(node, versions)
        case .rollbackSuccessful: rolledBack(node, versions[.software])
        default: break
        }
    }

    private func initiated(_ node: FleetNode, _ target: String?) {
        guard let target, state.withLock({ $0.rolledBack[node.name]?.contains(target) == true }) else { return }
        violated(node, "version \(target), which was rolled back here, is tried again by itself")
    }

    /// All of it runs, and what is sick or wrong was not believed.
    private func successful(_ node: FleetNode, _ versions: [Component: String]) {
        let isCommitted = node.link(Layout.current) == node.link(Layout.recover)
        for component in Component.allCases {
            guard let target = versions[component] else { continue }
            let found = node.version(of: component)
            guard isCommitted, found == target else {
                violated(node, "says successful for \(component.rawValue) \(target), but has \(found ?? "nothing")")
                continue
            }
            if node.wrongFiles.contains(ComponentVersion(component: component, version: target)) {
                violated(node, "says successful for \(component.rawValue) \(target), which is wrong")
            }
        }
        guard let target = versions[.software], let sickness = node.behaviour(target) else { return }
        // A probe counts only where it is known to have passed before, and the hub only where it is there.
        let isHidden = [.diesLater, .breaksProbe].contains(sickness) || sickness == .deaf && node.isHubAway
        if !isHidden { violated(node, "says successful for \(target), which is \(sickness.rawValue) here") }
    }

    private func rolledBack(_ node: FleetNode, _ target: String?) {
        if let target {
            state.withLock { state in
                if state.forgiven.remove(node.name) == nil { state.rolledBack[node.name, default: []].insert(target) }
            }
        }
        let version = node.version(of: .software)
        if node.link(Layout.current) != node.link(Layout.recover) || target != nil && version == target {
            violated(node, "says rollback successful, but runs \(version ?? "nothing")")
        }
    }
}

extension FleetNode {
    /// The version whose program a release holds.
    func version(of release: Int) -> String? { (try? tree.text(Layout.program(release))) ?? nil }

    /// The release that a link names.
    fileprivate func link(_ path: TreePath) -> Int? { (try? tree.release(at: path)) ?? nil }

    /// What runs, as the disk says.
    func version(of component: Component) -> String? {
        guard let release = link(Layout.current) else { return nil }
        switch component {
        case .software: return version(of: release)
        case .configuration: return stamp(Layout.configuration(release))
        case .certificate: return stamp(Layout.certificate(release))
        }
    }

    private func stamp(_ path: TreePath) -> String? {
        guard let bytes = try? tree.contents(path) else { return nil }
        return (try? FileStamp.read(file: bytes))?.version
    }

    /// Nobody could tell whether a program reaches it.
    fileprivate var isHubAway: Bool { hub.isAway || partition.isCut || troubles.has(.hubUntrusted) || group.link.loss > 0 }

    fileprivate func text(of release: Int, _ path: String) -> String? {
        guard let path = TreePath(path) else { return nil }
        return (try? tree.text(Layout.software(release).appending(path))) ?? nil
    }
}
