import Synchronization
import UpgradeAgent
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// Holds a run against what its scenario expects, and against what must hold in every run.
final class Judge: Sendable {
    struct Timed {
        let at: Duration
        let expectation: FleetExpectation
    }

    private let scenario: Scenario
    let hub: FleetHub
    let inspector: Inspector
    private let nodes: [FleetNode]
    private let trace: Trace
    private let misses = Mutex<[String]>([])

    init(scenario: Scenario, hub: FleetHub, inspector: Inspector, nodes: [FleetNode]) {
        trace = inspector.trace
        self.scenario = scenario
        self.hub = hub
        self.inspector = inspector
        self.nodes = nodes
    }

    /// Expectations that name a moment, in order.
    func timed(_ expectations: [FleetExpectation]) -> [Timed] {
        expectations.compactMap { expectation in
            if case .status(_, _, _, _, let by?) = expectation { Timed(at: by, expectation: expectation) } else { nil }
        }.sorted { $0.at < $1.at }
    }

    // MARK: Rest

    /// Every node runs, has come to an end with every policy, and has said so.
    var isSettled: Bool { nodes.allSatisfy { unsettled($0) == nil } }

    // MARK: Expectations

    func look(_ expectation: FleetExpectation, at moment: Duration?) {
        guard let miss = miss(expectation) else { return }
        misses.withLock { $0.append(moment.map { "\(miss), at \(Unit.time($0))" } ?? miss) }
    }

    private func miss(_ expectation: FleetExpectation) -> String? {
        switch expectation {
        case .status(let name, let status, let least, let most, _):
            let policy = PolicyID(org: FleetHub.org, name: name)
            let words = words(of: policy)
            return Measure.outside(
                words.count { $0 == status }, of: words.count, least, most, "nodes of policy \(name) are \(StatusWord.word(status))")
        case .version(let version, let least, let most):
            return Measure.outside(nodes.count { $0.runs(version) }, of: nodes.count, least, most, "nodes run \(version)")
        case .file(let component, let version, let least, let most):
            return Measure.outside(
                nodes.count { $0.version(of: component) == version }, of: nodes.count, least, most,
                "nodes have \(component.rawValue) \(version)")
        case .requests(let most): return Measure.over(hub.load.requests, most, "requests")
        case .faults(let least): return inspector.faults < least ? "\(inspector.faults) effects of faults, expected at least \(least)" : nil
        case .happened(let text, let least, let most):
            let found = trace.nodes(with: text)
            return Measure.outside(
                nodes.count { found.contains($0.name) }, of: nodes.count, least, most, "nodes have `\(text)` in their trace")
        case .requestsPerSecond(let most): return Measure.over(hub.load.mostPerSecond, most, "requests in one second")
        case .bytes(let most): return Measure.over(Int(hub.load.bytes), Int(most), "bytes fetched")
        case .down(let most): return Measure.over(inspector.mostDown, most, "nodes down at once")
        case .unwell(let most):
            return Measure.over(unwell, most, "nodes have committed a version that dies by itself or reaches no hub")
        case .downInGroup(let most): return Measure.over(inspector.mostDownInGroup, most, "members of one group down at once")
        }
    }

    /// What the nodes said that a policy concerns; nil = nothing. Who was unregistered is none of them any more.
    private func words(of policy: PolicyID) -> [Status?] {
        let terms = hub.change { $0.policies.first { $0.id == policy } }
        return nodes.compactMap { node in
            let row = hub.change { $0.nodes[node.number] }
            if let word = row.statuses[policy] ?? nil { return .some(word) }
            guard let terms, !hasLeft(node), Concern.holds(terms, row.policy, node.properties) else { return nil }
            return .some(nil)
        }
    }

    // MARK: Verdict

    func verdict(seed: UInt64, settledAfter: Duration, timeline: Timeline) -> Verdict {
        for expectation in scenario.expectations {
            if case .status(_, _, _, _, _?) = expectation { continue }
            look(expectation, at: nil)
        }
        let isSaid = scenario.expectations.contains { if case .unwell = $0 { true } else { false } }
        if !isSaid { look(.unwell(atMost: 0), at: nil) }
        var verdict = Verdict(scenario: scenario.name, seed: seed)
        verdict.about = scenario.about
        verdict.misses = misses.withLock { $0 }
        verdict.violations = inspector.violations.map { Verdict.Finding(at: $0.at, node: $0.node, what: $0.what) }
        verdict.stuck = nodes.compactMap { node in
            unsettled(node).map { Verdict.Finding(at: timeline.now, node: node.name, what: $0) }
        }
        verdict.traceHash = trace.hash
        verdict.settledAfter = settledAfter
        verdict.figures = Verdict.Figures(
            nodes: nodes.count, happenings: timeline.happened, requests: hub.load.requests, mostRequestsPerSecond: hub.load.mostPerSecond,
            bytes: hub.load.bytes, mostDown: inspector.mostDown, mostDownInGroup: inspector.mostDownInGroup, faults: inspector.faults,
            unwell: unwell, statuses: statuses)
        return verdict
    }

    private var unwell: Int { nodes.count { $0.isUnwell } }

    private var statuses: [String: [String: Int]] {
        var counts: [String: [String: Int]] = [:]
        for node in nodes {
            for (policy, word) in inspector.truth(of: node.name).words {
                counts[policy.name, default: [:]][StatusWord.word(word), default: 0] += 1
            }
        }
        return counts
    }
}

extension FleetNode {
    func runs(_ version: String) -> Bool {
        guard let release = try? tree.release(at: Layout.current) else { return false }
        return self.version(of: release) == version
    }
}
