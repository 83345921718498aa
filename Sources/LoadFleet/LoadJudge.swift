import FleetSimulation
import Synchronization
import UpgradeModel
import UpgradePorts

/// Holds what nodes said to the true hub against what the scenario expects.
final class LoadJudge {
    private let order: LoadOrder
    private let nodes: [LiveNode]
    private let words: LoadWords
    private let meter: LoadMeter
    private var misses: [String] = []

    init(order: LoadOrder, nodes: [LiveNode], words: LoadWords, meter: LoadMeter) {
        (self.order, self.nodes, self.words, self.meter) = (order, nodes, words, meter)
    }

    /// As the scenario names them.
    var names: [String] { nodes.map(\.name) }

    /// Expectations that name a moment, in order.
    var timed: [(at: Duration, expectation: FleetExpectation)] {
        order.scenario.expectations.compactMap { expectation in
            if case .status(_, _, _, _, let by?) = expectation { (by, expectation) } else { nil }
        }.sorted { $0.0 < $1.0 }
    }

    // MARK: Rest

    /// Every node has come to an end with every policy, and has said so.
    func isSettled(_ open: [String]) -> Bool { nodes.allSatisfy { unsettled($0, open) == nil } }

    private func unsettled(_ node: LiveNode, _ open: [String]) -> String? {
        let said = words.last(of: node.name)
        for (policy, word) in said.sorted(by: { $0.key < $1.key }) where word == .reset {
            return "it has not heard that \(policy) was reset"
        }
        if let obstacle = node.obstacle { return obstacle }
        guard hears(node) else { return nil }
        let known = node.words
        for policy in open where known[PolicyID(org: order.org, name: order.prefix + policy)] == nil {
            return "it has not heard of \(policy)"
        }
        return nil
    }

    /// Whether constraints hold is asked of the rule in its own room; a node without any hears of every policy without any.
    private func hears(_ node: LiveNode) -> Bool {
        order.scenario.fleet.first { node.name.hasPrefix($0.name + "-") }?.constraints.isEmpty ?? false
    }

    // MARK: Expectations

    func look(_ expectation: FleetExpectation, at moment: Duration? = nil) {
        let figures = report().verdict.figures
        switch expectation {
        case .status(let policy, let status, let least, let most, _):
            let said = nodes.compactMap { words.last(of: $0.name)[policy] }
            let what = "nodes of policy \(policy) are \(status.rawValue)" + (moment.map { ", at \($0.short)" } ?? "")
            check(said.count { $0 == status }, of: said.count, least, most, what)
        case .version(let version, let least, let most):
            check(nodes.count { $0.runs(version) }, of: nodes.count, least, most, "nodes run \(version)")
        case .requests(let most): check(figures.requests, most, "requests")
        case .requestsPerSecond(let most): check(figures.mostRequestsPerSecond, most, "requests in one second")
        case .bytes(let most): check(Int(figures.bytes), Int(most), "bytes fetched")
        // Refused before the run.
        case .file, .down, .downInGroup, .faults, .happened: break
        }
    }

    private func check(_ count: Int, of all: Int, _ least: Double, _ most: Double, _ what: String) {
        let share = all == 0 ? 0 : Double(count) / Double(all)
        guard share < least || share > most else { return }
        misses.append("\(count) of \(all) \(what), expected \(least * 100) % to \(most * 100) %")
    }

    private func check(_ found: Int, _ most: Int, _ what: String) {
        if found > most { misses.append("\(found) \(what), expected at most \(most)") }
    }

    // MARK: Verdict

    /// What was counted.
    private func report() -> LoadReport {
        var report = LoadReport(Verdict(scenario: order.scenario.name, seed: order.seed))
        (report.url, report.org) = (order.url, order.org)
        report.verdict.figures.nodes = nodes.count
        meter.fill(&report)
        words.fill(&report)
        return report
    }

    /// The end. Nodes do nothing any more.
    /// - Parameters:
    ///   - published: policies that every node without constraints must know of.
    ///   - hub: the words that the hub has of a node.
    func report(published: [String], hub: @escaping @Sendable (String) throws(LoadFailure) -> [String: Status]) -> LoadReport {
        var report = report()
        for expectation in order.scenario.expectations {
            if case .status(_, _, _, _, _?) = expectation { continue }
            look(expectation)
        }
        for (answer, count) in report.errors.sorted(by: { $0.key < $1.key }) { misses.append("\(count) requests ended with \(answer)") }
        report.verdict.misses = misses
        let now = meter.now
        for node in nodes {
            if let what = unsettled(node, published) { report.verdict.stuck.append(Verdict.Finding(at: now, node: node.name, what: what)) }
        }
        report.verdict.violations = untruths(hub).map { Verdict.Finding(at: now, node: $0.node, what: $0.what) }
        return report
    }

    /// What the hub has otherwise than it was told.
    private func untruths(
        _ hub: @escaping @Sendable (String) throws(LoadFailure) -> [String: Status]
    ) -> [(node: String, what: String)] {
        let found = Found()
        let (order, words) = (order, words)
        let failures = InParallel.each(names) { name throws(LoadFailure) in
            let stored = try hub(order.prefix + name)
            let told = words.last(of: name)
            for policy in Set(told.keys).union(stored.keys.map { String($0.dropFirst(order.prefix.count)) }).sorted() {
                let (has, said) = (stored[order.prefix + policy], told[policy])
                guard has != said else { continue }
                let what = "the hub has \(has?.rawValue ?? "nothing") of \(policy), and took in \(said?.rawValue ?? "nothing")"
                found.list.withLock { $0.append((name, what)) }
            }
        }
        misses += failures.prefix(1).map(\.explanation)
        return found.list.withLock { $0 }.sorted { $0.node < $1.node }
    }

    private final class Found: Sendable {
        let list = Mutex<[(node: String, what: String)]>([])
    }
}
