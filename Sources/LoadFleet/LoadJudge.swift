import FleetSimulation
import Synchronization
import UpgradeModel
import UpgradePorts
import UpgradeWire

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
    func isSettled(_ open: [NodeManagementPolicy]) -> Bool { nodes.allSatisfy { unsettled($0, open) == nil } }

    private func unsettled(_ node: LiveNode, _ open: [NodeManagementPolicy]) -> String? {
        let said = words.last(of: node.name)
        for (policy, word) in said.sorted(by: { $0.key < $1.key }) where word == .reset {
            return "it has not heard that \(policy) was reset"
        }
        if let obstacle = node.obstacle { return obstacle }
        let known = node.words
        for policy in open where known[PolicyID(org: order.org, name: order.prefix + policy.id.name)] == nil {
            if node.isConcerned(by: policy) { return "it has not heard of \(policy.id.name)" }
        }
        return nil
    }

    // MARK: Expectations

    /// - Parameter open: policies that are switched on now, by their names in the scenario.
    func look(_ expectation: FleetExpectation, at moment: Duration? = nil, _ open: [NodeManagementPolicy]) {
        let figures = report().verdict.figures
        switch expectation {
        case .status(let policy, let status, let least, let most, _):
            let terms = open.first { $0.id.name == policy }
            let said = nodes.compactMap { node -> Status?? in
                if let word = words.last(of: node.name)[policy] { return .some(word) }
                return terms.map(node.isConcerned) == true ? .some(nil) : nil
            }
            let what = "nodes of policy \(policy) are \(StatusWord.word(status))" + (moment.map { ", at \(Unit.time($0))" } ?? "")
            check(said.count { $0 == status }, of: said.count, least, most, what)
        case .version(let version, let least, let most):
            check(nodes.count { $0.runs(version) }, of: nodes.count, least, most, "nodes run \(version)")
        case .requests(let most): check(figures.requests, most, "requests")
        case .requestsPerSecond(let most): check(figures.mostRequestsPerSecond, most, "requests in one second")
        case .bytes(let most): check(Int(figures.bytes), Int(most), "bytes fetched")
        // Refused before the run.
        case .file, .down, .downInGroup, .faults, .happened, .unwell: break
        }
    }

    private func check(_ count: Int, of all: Int, _ least: Double, _ most: Double, _ what: String) {
        misses += [Measure.outside(count, of: all, least, most, what)].compactMap { $0 }
    }

    private func check(_ found: Int, _ most: Int, _ what: String) {
        misses += [Measure.over(found, most, what)].compactMap { $0 }
    }

    // MARK: Verdict

    /// What was counted.
    private func report() -> LoadReport {
        var report = LoadReport(Verdict(scenario: order.scenario.name, seed: order.seed))
        (report.url, report.org) = (order.url, order.org)
        report.verdict.figures.nodes = nodes.count
        report.verdict.about = order.scenario.about
        meter.fill(&report)
        words.fill(&report)
        return report
    }

    /// The end. Nodes do nothing any more.
    /// - Parameters:
    ///   - open: policies that are switched on, by their names in the scenario.
    ///   - hub: the words that the hub has of a node.
    func report(
        open: [NodeManagementPolicy], hub: @escaping @Sendable (String) throws(LiveFailure) -> [String: Status]
    ) -> LoadReport {
        var report = report()
        for expectation in order.scenario.expectations {
            if case .status(_, _, _, _, _?) = expectation { continue }
            look(expectation, open)
        }
        for (answer, count) in report.errors.sorted(by: { $0.key < $1.key }) { misses.append("\(count) requests ended with \(answer)") }
        let now = meter.now
        for node in nodes {
            if let what = unsettled(node, open) { report.verdict.stuck.append(Verdict.Finding(at: now, node: node.name, what: what)) }
        }
        report.verdict.violations = untruths(hub).map { Verdict.Finding(at: now, node: $0.node, what: $0.what) }
        // Last: a hub that cannot be read is missed too.
        report.verdict.misses = misses
        return report
    }

    /// What the hub has otherwise than it was told.
    private func untruths(
        _ hub: @escaping @Sendable (String) throws(LiveFailure) -> [String: Status]
    ) -> [(node: String, what: String)] {
        let found = Found()
        let (order, words, patience) = (order, words, LoadPatience())
        let failures = InParallel.each(names) { name throws(LiveFailure) in
            let stored = try patience.trying("GET statuses of \(name)") { () throws(LiveFailure) in try hub(order.prefix + name) }
            let told = words.last(of: name)
            for policy in Set(told.keys).union(stored.keys.map { String($0.dropFirst(order.prefix.count)) }).sorted() {
                let (has, said) = (stored[order.prefix + policy], told[policy])
                guard has != said else { continue }
                let (stands, taken) = (has.map(StatusWord.word) ?? "nothing", said.map(StatusWord.word) ?? "nothing")
                let what = "the hub has \(stands) of \(policy), and took in \(taken)"
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
