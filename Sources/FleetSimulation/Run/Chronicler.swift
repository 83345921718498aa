import Synchronization
import UpgradeModel
import UpgradePorts

/// Keeps count of where a fleet stands, one change at a time, and writes it down now and then.
final class Chronicler: Sendable {
    private struct State {
        var version: [String: String] = [:]
        var versions: [String: Int] = [:]
        var group: [String: [String: Chronicle.Group]] = [:]
        var statuses: [String: [Status: Int]] = [:]
        var down = 0
        var mostDown = 0
        var requests = 0
        var samples: [Chronicle.Sample] = []
    }

    private let state = Mutex(State())

    /// An agent of this version starts.
    func starts(_ node: String, _ version: String) {
        state.withLock { state in
            if let old = state.version.updateValue(version, forKey: node) { state.versions[old, default: 0] -= 1 }
            state.versions[version, default: 0] += 1
        }
    }

    /// A node says a word.
    func says(_ node: String, _ policy: String, _ report: StatusReport) {
        let group = Chronicle.Group(policy: policy, status: report.status, reason: report.reason)
        state.withLock { state in
            if let old = state.group[node, default: [:]].updateValue(group, forKey: policy) {
                state.statuses[policy, default: [:]][old.status, default: 0] -= 1
            }
            state.statuses[policy, default: [:]][report.status, default: 0] += 1
        }
    }

    /// So many nodes are down because of upgrades.
    func down(_ count: Int) {
        state.withLock { state in
            state.down = count
            state.mostDown = max(state.mostDown, count)
        }
    }

    /// Writes down how things are.
    /// - Parameter requests: at the hub since the beginning.
    func sample(at moment: Duration, requests: Int) {
        state.withLock { state in
            state.samples.append(
                Chronicle.Sample(
                    at: moment, versions: state.versions.filter { $0.value > 0 },
                    statuses: state.statuses.mapValues { words in words.filter { $0.value > 0 } }, down: state.mostDown,
                    requests: requests - state.requests))
            (state.mostDown, state.requests) = (state.down, requests)
        }
    }

    /// All of it so far, without stories.
    var chronicle: Chronicle {
        state.withLock { state in
            var groups: [Chronicle.Group: Int] = [:]
            for policies in state.group.values { for group in policies.values { groups[group, default: 0] += 1 } }
            return Chronicle(samples: state.samples, groups: groups)
        }
    }

    /// Nodes whose last word tells of trouble, sorted by name.
    var troubled: [String] {
        let quiet: Set<Status> = [.waiting, .successful, .noActionRequired]
        return state.withLock { state in
            state.group.filter { $0.value.values.contains { !quiet.contains($0.status) } }.keys.sorted()
        }
    }
}
