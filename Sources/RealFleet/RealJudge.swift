import FaultServers
import FleetSimulation
import UpgradeModel
import UpgradeSystem
import UpgradeWire

/// Holds what true nodes said and have on their disks against what the scenario expects.
struct RealJudge {
    typealias History = [RealHub.Word]

    /// What the hub has of a node.
    struct Told {
        /// The words that stand there now, by policy; a word that was taken back is none of them.
        var words: [String: Status]
        /// All that ever arrived, in order.
        var history: History
    }

    private static let machine = LiveMachine.properties(root: "")

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
    func unsettled(_ node: RealNode, _ words: [String: Status], published: [String: Rollout]) -> String? {
        for (policy, rollout) in published.sorted(by: { $0.key < $1.key }) where !ignored.contains(policy) {
            if let word = words[policy] {
                if !word.isFinal { return "\(policy) is still \(StatusWord.word(word))" }
            } else if isConcerned(node, rollout) {
                return "it has not heard of \(policy)"
            }
        }
        return nil
    }

    private func isConcerned(_ node: RealNode, _ rollout: Rollout) -> Bool {
        let policy = NodeManagementPolicy(id: PolicyID(org: RealHub.org, name: rollout.policy), constraints: rollout.constraints)
        return Concern.holds(policy, node.group.row, RealJudge.machine)
    }

    // MARK: Expectations

    mutating func look(
        _ expectation: FleetExpectation, _ nodes: [RealNode], _ told: [String: Told], published: [String: Rollout]
    ) {
        switch expectation {
        case .status(let policy, let status, let least, let most, let by):
            let rollout = ignored.contains(policy) ? nil : published[policy]
            let words = nodes.compactMap { node -> Status?? in
                if let word = told[node.name]?.words[policy] { return .some(word) }
                return rollout.map { isConcerned(node, $0) } == true ? .some(nil) : nil
            }
            let what = "nodes of policy \(policy) are \(StatusWord.word(status))" + (by.map { ", at \(Unit.time($0))" } ?? "")
            check(words.count { $0 == status }, of: words.count, least, most, what)
        case .version(let version, let least, let most):
            check(nodes.count { $0.version("current") == version }, of: nodes.count, least, most, "nodes run \(version)")
        // With the groups, at the end; the others were refused before the run.
        case .downInGroup, .requestsPerSecond, .requests, .bytes, .down, .file, .faults, .happened, .unwell: break
        }
    }

    private mutating func check(_ count: Int, of all: Int, _ least: Double, _ most: Double, _ what: String) {
        misses += [Measure.outside(count, of: all, least, most, what)].compactMap { $0 }
    }

    /// Most members of one group between their handing over and their end.
    private func mostDown(_ group: [String], _ told: [String: Told]) -> Int {
        let words = group.flatMap { node in (told[node]?.history ?? []).map { (node: node, status: $0.status, at: $0.at) } }
        var (down, most) = (Set<String>(), 0)
        for word in words.sorted(by: { $0.at < $1.at }) {
            if word.status == .initiated { down.insert(word.node) }
            if word.status.isFinal { down.remove(word.node) }
            most = max(most, down.count)
        }
        return most
    }

    // MARK: Verdict

    /// - Parameter silent: nodes that asked for nothing while they were waited for last.
    mutating func verdict(
        _ nodes: [RealNode], groups: [(String, [String])], _ told: [String: Told], published: [String: Rollout], silent: Set<String>
    ) -> Verdict {
        for expectation in scenario.expectations {
            if case .status(_, _, _, _, _?) = expectation { continue }
            look(expectation, nodes, told, published: published)
            guard case .downInGroup(let most) = expectation, let worst = groups.map({ mostDown($0.1, told) }).max() else { continue }
            misses += [Measure.over(worst, most, "members of one group down at once")].compactMap { $0 }
        }
        var verdict = Verdict(scenario: scenario.name, seed: seed)
        verdict.about = scenario.about
        verdict.misses = misses
        for node in nodes {
            let told = told[node.name] ?? Told(words: [:], history: [])
            let lies = untruths(node, told.history)
            verdict.violations += lies.map { Verdict.Finding(at: .zero, node: node.name, what: $0) }
            let silence = silent.contains(node.name) ? "it asks the hub for nothing any more" : nil
            if let what = silence ?? unsettled(node, told.words, published: published) {
                let reason = told.history.last?.reason ?? ""
                let finding = what + (reason.isEmpty ? "" : "; it last said: \(reason)")
                verdict.stuck.append(Verdict.Finding(at: .zero, node: node.name, what: finding))
            }
            // A reset is the word of a person, not of the node.
            for word in told.history where word.status != .reset { verdict.courses.add(word.status, of: word.policy, from: node.name) }
            count(told, in: &verdict)
        }
        verdict.figures.nodes = nodes.count
        verdict.figures.requests = nodes.reduce(0) { $0 + $1.proxy.requests.count }
        verdict.figures.bytes = Int64(nodes.reduce(0) { $0 + $1.proxy.bytesForwarded })
        return verdict
    }

    private func count(_ told: Told, in verdict: inout Verdict) {
        for (policy, status) in told.words {
            verdict.figures.statuses[policy, default: [:]][StatusWord.word(status), default: 0] += 1
            let reason = told.history.last { $0.policy == policy }?.reason ?? ""
            verdict.chronicle.groups[Chronicle.Group(policy: policy, status: status, reason: reason), default: 0] += 1
        }
    }

    /// What a node claims of its last upgrade, held against its disk.
    private func untruths(_ node: RealNode, _ history: History) -> [String] {
        guard let upgrade = history.last(where: { $0.status == .initiated }),
            let end = history.last(where: { $0.policy == upgrade.policy }), end.status.isFinal
        else { return [] }
        let (current, recover, target) = (node.version("current") ?? "nothing", node.version("recover") ?? "nothing", upgrade.target)
        var lies = current == recover ? [] : ["says \(StatusWord.word(end.status)), but runs \(current) and would boot \(recover)"]
        if end.status == .successful, current != target { lies.append("says successful for \(target), but runs \(current)") }
        if end.status == .rollbackSuccessful, current == target { lies.append("says rollback successful, but runs \(current)") }
        return lies
    }
}
