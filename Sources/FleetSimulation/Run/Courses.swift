import Synchronization
import UpgradeModel
import UpgradePorts

/// The words that arrived at the hub, by node and policy, in order. A word that follows itself counts once: one whose answer was lost is sent
/// again, and how often a node waits for its turn is a matter of time.
package struct Courses: Hashable, Sendable {
    /// The words of each policy of each node.
    package private(set) var words: [String: [String: [Status]]] = [:]

    /// None yet.
    package init() {}

    /// One more word.
    package mutating func add(_ status: Status, of policy: String, from node: String) {
        if words[node]?[policy]?.last != status { words[node, default: [:]][policy, default: []].append(status) }
    }
}

/// Writes down what arrives at the hub of a small fleet.
final class CourseKeeper: Sendable {
    /// Larger fleets have too much to say.
    private static let nodesMax = 50

    private let kept = Mutex(Courses())

    var courses: Courses { kept.withLock { $0 } }

    func watch(_ hub: FleetHub, nodes: Int) {
        guard nodes <= CourseKeeper.nodesMax else { return }
        hub.watch { [self] node, policy, report in kept.withLock { $0.add(report.status, of: policy.name, from: node) } }
    }
}
