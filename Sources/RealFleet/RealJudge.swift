import FaultServers
import FleetSimulation
import UpgradeModel

/// Holds what true nodes said and have on their disks against what the scenario expects.
struct RealJudge {
    typealias History = [(policy: String, status: Status, at: String)]

    let scenario: Scenario
    let seed: UInt64
    /// Policies that are switched off: their jobs need not end.
    var ignored: Set<String> = []
    private var misses: [String] = []

    init(scenario: Scenario, seed: UInt64) {
        self.scenario = scenario
        self.seed = seed
    }

    /// What keeps a node from rest.
    func unsettled(_ history: History, published: [String: Rollout]) -> String? {
        for (policy, status) in last(history).sorted(by: { $0.key < $1.key }) where published[policy] != nil && !ignored.contains(policy) {
            if !status.isFinal { return "\(policy) is still \(status.rawValue)" }
        }
        return nil
    }

    private func last(_ history: History) -> [String: Status] {
        Dictionary(history.map { ($0.policy, $0.status) }) { _, last in last }
    }

    // MARK: Expectations

    mutating func look(_ expectation: FleetExpectation, _ nodes: [RealNode], _ histories: [String: History]) {
        switch expectation {
        case .status(let policy, let status, let least, let most, let by):
            let words = nodes.compactMap { last(histories[$0.name] ?? [])[policy] }
            let what = "nodes of policy \(policy) are \(status.rawValue)" + (by.map { ", at \($0.short)" } ?? "")
            check(words.count { $0 == status }, of: words.count, least, most, what)
        case .version(let version, let least, let most):
            check(nodes.count { $0.version("current") == version }, of: nodes.count, least, most, "nodes run \(version)")
        // With the groups, at the end; the others were refused before the run.
        case .downInGroup, .requestsPerSecond, .bytes, .down: break
        }
    }

    private mutating func check(_ count: Int, of all: Int, _ least: Double, _ most: Double, _ what: String) {
        let share = all == 0 ? 0 : Double(count) / Double(all)
        guard share < least || share > most else { return }
        misses.append("\(count) of \(all) \(what), expected \(least * 100) % to \(most * 100) %")
    }

    /// Most members of one group between their handing over and their end.
    private func mostDown(_ group: [String], _ histories: [String: History]) -> Int {
        let words = group.flatMap { node in (histories[node] ?? []).map { (node: node, status: $0.status, at: $0.at) } }
        var (down, most) = (Set<String>(), 0)
        for word in words.sorted(by: { $0.at < $1.at }) {
            if word.status == .initiated { down.insert(word.node) }
            if word.status.isFinal { down.remove(word.node) }
            most = max(most, down.count)
        }
        return most
    }

    // MARK: Verdict

    mutating func verdict(
        _ nodes: [RealNode], groups: [(String, [String])], _ histories: [String: History], published: [String: Rollout]
    ) -> Verdict {
        for expectation in scenario.expectations {
            if case .status(_, _, _, _, _?) = expectation { continue }
            look(expectation, nodes, histories)
            guard case .downInGroup(let most) = expectation, let worst = groups.map({ mostDown($0.1, histories) }).max() else { continue }
            if worst > most { misses.append("\(worst) members of one group down at once, expected at most \(most)") }
        }
        var verdict = Verdict(scenario: scenario.name, seed: seed)
        verdict.misses = misses
        for node in nodes {
            let history = histories[node.name] ?? []
            let lies = untruths(node, history, published)
            verdict.violations += lies.map { Verdict.Finding(at: .zero, node: node.name, what: $0) }
            if let what = unsettled(history, published: published) {
                verdict.stuck.append(Verdict.Finding(at: .zero, node: node.name, what: what))
            }
            for word in history { verdict.courses.add(word.status, of: word.policy, from: node.name) }
            for (policy, status) in last(history) { verdict.figures.statuses[policy, default: [:]][status.rawValue, default: 0] += 1 }
        }
        verdict.figures.nodes = nodes.count
        verdict.figures.requests = nodes.reduce(0) { $0 + $1.proxy.requests.count }
        verdict.figures.bytes = Int64(nodes.reduce(0) { $0 + $1.proxy.bytesForwarded })
        return verdict
    }

    /// What a node claims of its last upgrade, held against its disk.
    private func untruths(_ node: RealNode, _ history: History, _ published: [String: Rollout]) -> [String] {
        guard let upgrade = history.last(where: { $0.status == .initiated })?.policy, let status = last(history)[upgrade], status.isFinal
        else { return [] }
        let (current, recover) = (node.version("current") ?? "nothing", node.version("recover") ?? "nothing")
        var lies = current == recover ? [] : ["says \(status.rawValue), but runs \(current) and would boot \(recover)"]
        let target = published[upgrade].map(\.software) ?? ""
        guard Version(target) != nil else { return lies }
        if status == .successful, current != target { lies.append("says successful for \(target), but runs \(current)") }
        if status == .rollbackSuccessful, current == target { lies.append("says rollback successful, but runs \(current)") }
        return lies
    }
}
