/// Scenarios that are made from others.
extension Scenario {
    /// With so many machines, in the proportion of the groups; each group keeps at least one.
    package func scaled(to count: Int) -> Scenario {
        let all = nodeCount
        guard all > 0, count != all else { return self }
        var scenario = self
        var (before, given) = (0, 0)
        for index in fleet.indices {
            before += fleet[index].count
            let share = before * max(count, fleet.count) / all - given
            scenario.fleet[index].count = max(1, share)
            given += scenario.fleet[index].count
        }
        return scenario
    }

    /// With another duration. What people would do later is not done; what is expected of a later moment is expected at the end.
    package func lasting(_ duration: Duration) -> Scenario {
        var scenario = without(Set(parts.filter { comes($0, after: duration) }))
        scenario.duration = duration
        scenario.expectations = expectations.map { expectation in
            guard case .status(let policy, let status, let least, let most, let by?) = expectation, by > duration else {
                return expectation
            }
            return .status(policy: policy, status, atLeast: least, atMost: most, by: nil)
        }
        return scenario
    }

    /// True for what an end at this moment leaves out.
    fileprivate func comes(_ part: ScenarioPart, after end: Duration) -> Bool {
        switch part.list {
        case .steps: steps[part.index].at > end
        case .faults: faults[part.index].from > end || faults[part.index].ended(by: end).isNothing
        case .expect: false
        }
    }

    /// Without some of its parts. Numbers count in this scenario.
    package func without(_ parts: Set<ScenarioPart>) -> Scenario {
        var scenario = self
        scenario.steps = steps.enumerated().filter { !parts.contains(ScenarioPart(.steps, $0.offset)) }.map(\.element)
        scenario.faults = faults.enumerated().filter { !parts.contains(ScenarioPart(.faults, $0.offset)) }.map(\.element)
        scenario.expectations = expectations.enumerated().filter { !parts.contains(ScenarioPart(.expect, $0.offset)) }.map(\.element)
        return scenario
    }

    /// Parts that name a machine which is not there, with its name.
    package var strangers: [(part: ScenarioPart, node: String)] {
        let named =
            faults.enumerated().map { (ScenarioPart(.faults, $0.offset), $0.element.who) }
            + steps.enumerated().compactMap { step in step.element.deed.who.map { (ScenarioPart(.steps, step.offset), $0) } }
        return named.compactMap { part, who in
            guard case .node(let name) = who, !hasNode(name) else { return nil }
            return (part, name)
        }
    }

    /// Machines that are not there and on which a build should be sick, with its version.
    package var sickStrangers: [(version: String, node: String)] {
        builds.flatMap { build in build.sickOn.filter { !hasNode($0) }.map { (build.version, $0) } }
    }

    /// All that can be left out.
    package var parts: [ScenarioPart] {
        faults.indices.map { ScenarioPart(.faults, $0) } + steps.indices.map { ScenarioPart(.steps, $0) }
            + expectations.indices.map { ScenarioPart(.expect, $0) }
    }
}

/// What is taken from a scenario, so that a command line can say it again.
package struct Reduction: Hashable, Sendable {
    /// Machines that stay; nil = all.
    package var nodes: Int?
    /// Parts that are left out, by their numbers in the whole scenario.
    package var without: Set<ScenarioPart>
    /// Until when faults happen; nil = as the scenario says.
    package var duration: Duration?

    /// Memberwise.
    package init(nodes: Int? = nil, without: Set<ScenarioPart> = [], duration: Duration? = nil) {
        self.nodes = nodes
        self.without = without
        self.duration = duration
    }

    /// What is left of a scenario. Another end comes last: it takes entries away, and the numbers of the others change.
    package func of(_ scenario: Scenario) -> Scenario {
        let some = scenario.without(without)
        let rest = nodes.map { some.scaled(to: $0) } ?? some
        return duration.map { rest.lasting($0) } ?? rest
    }

    /// Whether a part of a scenario is left.
    package func keeps(_ part: ScenarioPart, of scenario: Scenario) -> Bool {
        if without.contains(part) { return false }
        return duration.map { !scenario.comes(part, after: $0) } ?? true
    }
}

/// An entry of one of a scenario's lists, in the words of its file: `faults[0]`.
package struct ScenarioPart: Hashable, Comparable, Sendable {
    /// The lists, as files name them.
    package enum List: String, CaseIterable, Comparable, Sendable {
        case faults
        case steps
        case expect

        package static func < (left: List, right: List) -> Bool { left.rawValue < right.rawValue }
    }

    /// Which list.
    package let list: List
    /// The first is 0.
    package let index: Int

    /// Memberwise.
    package init(_ list: List, _ index: Int) {
        self.list = list
        self.index = index
    }

    /// As `text` writes it.
    package init?(_ text: String) {
        guard let list = List.allCases.first(where: { text.hasPrefix($0.rawValue + "[") }), text.hasSuffix("]"),
            let index = Int(text.dropFirst(list.rawValue.count + 1).dropLast()), index >= 0
        else { return nil }
        self.init(list, index)
    }

    /// `faults[0]`.
    package var text: String { "\(list.rawValue)[\(index)]" }

    package static func < (left: ScenarioPart, right: ScenarioPart) -> Bool { (left.list, left.index) < (right.list, right.index) }
}
