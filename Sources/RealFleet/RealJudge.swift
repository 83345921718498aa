import FaultServers
import FleetSimulation
import UpgradeModel

/// Holds what true nodes said and have on their disks against what the scenario expects.
struct RealJudge {
    typealias History = [RealHub.Word]

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
        let open = last(history).values.filter { !$0.status.isFinal && published[$0.policy] != nil && !ignored.contains($0.policy) }
        return open.min { $0.policy < $1.policy }.map { "\($0.policy) is still \($0.status.rawValue): \($0.reason)" }
    }

    /// By policy.
    private func last(_ history: History) -> [String: RealHub.Word] { Dictionary(history.map { ($0.policy, $0) }) { _, last in last } }

    // MARK: Expectations

    mutating func look(_ expectation: FleetExpectation, _ nodes: [RealNode], _ histories: [String: History]) {
        switch expectation {
        case .status(let policy, let status, let least, let most, let by):
            let words = nodes.compactMap { last(histories[$0.name] ?? [])[policy]?.status }
            let what = "nodes of policy \(policy) are \(status.rawValue)" + (by.map { ", at \($0.short)" } ?? "")
            check(words.count { $0 == status }, of: words.count, least, most, what)
        case .version(let version, let least, let most):
            check(nodes.count { $0.version("current") == version }, of: nodes.count, least, most, "nodes run \(version)")
        // With the groups, at the end; the others were refused before the run.
        case .downInGroup, .requestsPerSecond, .requests, .bytes, .down, .file, .faults, .happened: break
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
            let lies = untruths(node, history)
            verdict.violations += lies.map { Verdict.Finding(at: .zero, node: node.name, what: $0) }
            if let what = unsettled(history, published: published) {
                verdict.stuck.append(Verdict.Finding(at: .zero, node: node.name, what: what))
            }
            // A reset is the word of a person, not of the node.
            for word in history where word.status != .reset { verdict.courses.add(word.status, of: word.policy, from: node.name) }
            for word in last(history).values {
                verdict.figures.statuses[word.policy, default: [:]][word.status.rawValue, default: 0] += 1
                let group = Chronicle.Group(policy: word.policy, status: word.status, reason: word.reason)
                verdict.chronicle.groups[group, default: 0] += 1
            }
        }
        verdict.figures.nodes = nodes.count
        verdict.figures.requests = nodes.reduce(0) { $0 + $1.proxy.requests.count }
        verdict.figures.bytes = Int64(nodes.reduce(0) { $0 + $1.proxy.bytesForwarded })
        return verdict
    }

    /// What a node claims of its last upgrade, held against its disk.
    private func untruths(_ node: RealNode, _ history: History) -> [String] {
        guard let upgrade = history.last(where: { $0.status == .initiated }),
            let end = history.last(where: { $0.policy == upgrade.policy }), end.status.isFinal
        else { return [] }
        let (current, recover, target) = (node.version("current") ?? "nothing", node.version("recover") ?? "nothing", upgrade.target)
        var lies = current == recover ? [] : ["says \(end.status.rawValue), but runs \(current) and would boot \(recover)"]
        if end.status == .successful, current != target { lies.append("says successful for \(target), but runs \(current)") }
        if end.status == .rollbackSuccessful, current == target { lies.append("says rollback successful, but runs \(current)") }
        return lies
    }
}
