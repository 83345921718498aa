import FaultServers
import FleetSimulation
import Glibc
import UpgradeModel
import UpgradePorts

/// Runs a small scenario with the true programs, so that the model is held against life. What happens keeps its order; the times between are
/// made short: each deed waits until everything before its instant has come to rest, a fault comes soon after what stands before it.
package final class RealFleet {
    /// A fault that comes later than this is not meant to hit what happened before.
    private static let long: Duration = .seconds(1800)
    /// How late a start is that a scenario delays: all nodes know of it then.
    private static let startDelay = 4
    /// How long a fleet that is partly cut off is given.
    private static let cutOff: Duration = .seconds(2)

    private let scenario: Scenario
    private let world: RealWorld
    private let scratch: Scratch
    private let hub: RealHub
    private var nodes: [RealNode] = []
    private var chance: Chance
    private var published: [String: Rollout] = [:]
    private var isCut = 0
    private var judge: RealJudge

    /// Starts hub and nodes. Errors: the scenario cannot be run for real, or a program does not start.
    package init(_ scenario: Scenario, seed: UInt64, in world: RealWorld) throws {
        try RealLimits.check(scenario)
        (self.scenario, self.world) = (scenario, world)
        chance = Chance(state: seed)
        scratch = try Scratch(in: world.temporary)
        hub = try RealHub(world, scratch)
        judge = RealJudge(scenario: scenario, seed: seed)
        for group in scenario.fleet {
            for number in 0..<group.count {
                let node = try RealNode("\(group.name)-\(number + 1)", group, world, scratch, hub)
                nodes.append(node)
                try node.register(hub)
            }
        }
        for (group, members) in groups { try hub.addGroup(group, members: members) }
        let missing = scenario.versionsWithoutBuild.map { Build(version: $0) }
        for build in scenario.builds + missing {
            if let rule = try hub.offer(build) { for node in nodes { node.proxy.add(rule) } }
        }
    }

    deinit { for node in nodes { node.end() } }

    /// Members of each high-availability group.
    private var groups: [(String, [String])] {
        var groups: [(String, [String])] = []
        for group in scenario.fleet where group.highAvailability > 1 {
            for first in stride(from: 0, to: group.count, by: group.highAvailability) {
                let members = (first..<min(first + group.highAvailability, group.count)).map { "\(group.name)-\($0 + 1)" }
                groups.append(("\(group.name)-ha-\(first / group.highAvailability + 1)", members))
            }
        }
        return groups
    }

    /// Runs to the end.
    /// - Parameter patience: what the fleet is given to come to rest, each time.
    package func run(patience: Duration = .seconds(60)) throws -> Verdict {
        var last: Duration = .zero
        for moment in moments() {
            if case .fault = moment.what, moment.at - last < RealFleet.long {
                pause()
            } else if moment.at > last || moment.what.isLook {
                _ = rest(patience)
            }
            try happen(moment.what)
            last = moment.at
        }
        let silent = rest(patience)
        return judge.verdict(nodes, groups: groups, try told(), published: published, silent: silent)
    }

    // MARK: What happens

    private enum Happening {
        case deed(ScenarioStep.Deed)
        case fault(FleetSimulation.Fault.Kind, RealNode?)
        case faultEnds(FleetSimulation.Fault.Kind, RealNode?)
        case look(FleetExpectation)

        var isLook: Bool { if case .look = self { true } else { false } }
    }

    /// All that happens, in its order.
    private func moments() -> [(at: Duration, what: Happening)] {
        var moments: [(at: Duration, what: Happening)] = scenario.steps.map { ($0.at, .deed($0.deed)) }
        for fault in scenario.faults {
            let hit: [RealNode?] =
                if case .hubAnswers = fault.kind { [nil] } else { nodes.filter { fault.who.contains($0.name, chance: chance.next()) } }
            for node in hit {
                if fault.kind == .kill {
                    moments.append((fault.from + (min(fault.until, scenario.duration) - fault.from) * chance.next(), .fault(.kill, node)))
                } else {
                    moments.append((fault.from, .fault(fault.kind, node)))
                    moments.append((min(fault.until, scenario.duration), .faultEnds(fault.kind, node)))
                }
            }
        }
        for expectation in scenario.expectations {
            if case .status(_, _, _, _, let by?) = expectation { moments.append((by, .look(expectation))) }
        }
        return moments.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    }

    private func happen(_ what: Happening) throws {
        switch what {
        case .deed(let deed): try carryOut(deed)
        case .fault(.kill, let node): node?.kill()
        case .fault(.partition, let node): cut(true) { node?.proxy.down() }
        case .faultEnds(.partition, let node): cut(false) { node?.proxy.up() }
        case .fault(.hubAnswers(let status), _):
            cut(true) { for node in nodes { node.proxy.add(FaultRule(.status(status))) } }
        case .faultEnds(.hubAnswers(let status), _):
            cut(false) { for node in nodes { node.proxy.remove(.status(status)) } }
        case .look(let expectation): judge.look(expectation, nodes, try told(), published: published)
        // Refused before the run.
        case .fault, .faultEnds: break
        }
    }

    private func cut(_ isSo: Bool, _ body: () -> Void) {
        isCut += isSo ? 1 : -1
        body()
    }

    private func carryOut(_ deed: ScenarioStep.Deed) throws {
        switch deed {
        case .publish(let rollout):
            let start = rollout.start.map { _ in RealFleet.soon() } ?? "now"
            try hub.publish(rollout, start: start, isNew: published.updateValue(rollout, forKey: rollout.policy) == nil)
        case .disable(let policy):
            try hub.disable(policy)
            judge.ignored.insert(policy)
        case .remove(let policy):
            try hub.remove(policy)
            published[policy] = nil
        case .reset(let policy, let who):
            // Only a word can be reset.
            for node in nodes where try who.contains(node.name) && hub.statuses(of: node.name)[policy] != nil {
                try hub.reset(policy, node.name)
            }
        // Refused before the run.
        case .publishDocuments, .replace, .hold, .unhold, .unregister: break
        }
        if case .publish(let rollout) = deed { judge.ignored.remove(rollout.policy) }
    }

    /// An instant that all nodes wait for.
    private static func soon() -> String {
        var now = time(nil) + startDelay
        var parts = tm()
        gmtime_r(&now, &parts)
        var text = [CChar](repeating: 0, count: 32)
        let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
        return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    // MARK: Rest

    /// A moment of chance.
    private func pause() { wait(.milliseconds(Int64(3000 * chance.next()))) { false } }

    /// Every node has seen the news, has come to an end with every policy, and has said so; or nothing more comes while some cannot.
    /// - Returns: nodes that did not ask for news in all that time.
    private func rest(_ patience: Duration) -> Set<String> {
        let before = nodes.map(\.polls)
        wait(isCut > 0 ? RealFleet.cutOff : patience) {
            // The first poll may have begun too early, the second brings words, the third follows them.
            guard zip(nodes, before).allSatisfy({ $0.polls >= $1 + 4 }), let words = try? words() else { return false }
            return nodes.allSatisfy { judge.unsettled($0, words[$0.name] ?? [:], published: published) == nil }
        }
        return Set(zip(nodes, before).filter { $0.polls <= $1 }.map(\.0.name))
    }

    private func wait(_ limit: Duration, _ condition: () -> Bool) { try? Patience.wait("rest", within: limit, condition) }

    private func words() throws -> [String: [String: Status]] {
        var words: [String: [String: Status]] = [:]
        for node in nodes { words[node.name] = try hub.statuses(of: node.name) }
        return words
    }

    private func told() throws -> [String: RealJudge.Told] {
        var told: [String: RealJudge.Told] = [:]
        for node in nodes {
            told[node.name] = RealJudge.Told(words: try hub.statuses(of: node.name), history: try hub.history(of: node.name))
        }
        return told
    }
}

/// Numbers from 0 up to 1 that a seed gives.
struct Chance {
    var state: UInt64

    mutating func next() -> Double {
        state = state &* 0x5851_F42D_4C95_7F2D &+ 0x1405_7B7E_F767_814F
        return Double((state ^ (state >> 29)) >> 11) / Double(1 << 53)
    }
}
