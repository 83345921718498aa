import FleetSimulation
import Synchronization
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// What nodes said and the hub took in.
final class LoadWords: Sendable {
    /// Larger fleets have too much to say.
    private static let nodesMax = 50

    private struct State {
        var last: [String: [String: Status]] = [:]
        var courses = Courses()
        var lastFinal: [String: Duration] = [:]
        var published: [String: Duration] = [:]
    }

    private let clock: LoadClock
    private let prefix: String
    private let keepsCourses: Bool
    private let state = Mutex(State())

    init(_ clock: LoadClock, prefix: String, nodes: Int) {
        (self.clock, self.prefix, keepsCourses) = (clock, prefix, nodes <= LoadWords.nodesMax)
    }

    /// As the scenario names it.
    private func name(_ policy: PolicyID) -> String { String(policy.name.dropFirst(prefix.count)) }

    func said(_ status: Status, of policy: PolicyID, by node: String) {
        let (policy, now) = (name(policy), clock.now)
        state.withLock { state in
            state.last[node, default: [:]][policy] = status
            if status.isFinal { state.lastFinal[policy] = now }
            if keepsCourses { state.courses.add(status, of: policy, from: node) }
        }
    }

    func tookBack(_ policy: PolicyID, by node: String) {
        let policy = name(policy)
        state.withLock { $0.last[node]?[policy] = nil }
    }

    /// A person put `reset` in the place of the node's word.
    func reset(_ policy: String, of node: String) {
        state.withLock { if $0.last[node]?[policy] != nil { $0.last[node]?[policy] = .reset } }
    }

    /// Those of a removed policy go with it.
    func removed(_ policy: String) {
        state.withLock { state in for node in state.last.keys { state.last[node]?[policy] = nil } }
    }

    func published(_ policy: String) {
        let now = clock.now
        state.withLock { $0.published[policy] = $0.published[policy] ?? now }
    }

    /// The last words of a node, by policy.
    func last(of node: String) -> [String: Status] { state.withLock { $0.last[node] ?? [:] } }

    func fill(_ report: inout LoadReport) {
        state.withLock { state in
            report.verdict.courses = state.courses
            for words in state.last.values {
                for (policy, word) in words {
                    report.verdict.figures.statuses[policy, default: [:]][StatusWord.word(word), default: 0] += 1
                }
            }
            for (policy, moment) in state.lastFinal { report.lastWords[policy] = moment - (state.published[policy] ?? .zero) }
        }
    }
}
