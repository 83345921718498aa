/// Looks for a smaller scenario that ends in the same way: fewer machines, fewer faults, fewer steps. Greedy, and bounded in runs.
package struct Shrinker {
    private let scenario: Scenario
    private let seed: UInt64
    private let goal: Verdict
    private let isOver: () -> Bool
    private var runsLeft: Int
    private var found: Reduction

    /// - Parameters:
    ///   - reduction: what is taken already.
    ///   - verdict: how that ended.
    ///   - runsMax: so many runs at most.
    ///   - isOver: asked before each run whether time is over.
    package init(
        _ scenario: Scenario, from reduction: Reduction = .init(), _ verdict: Verdict, runsMax: Int = 60,
        isOver: @escaping () -> Bool = { false }
    ) {
        self.scenario = scenario
        found = reduction
        seed = verdict.seed
        goal = verdict
        runsLeft = runsMax
        self.isOver = isOver
    }

    /// The smallest that was found; no more is taken where nothing smaller ends in the same way.
    package mutating func shrink() -> Reduction {
        var before: Reduction
        repeat {
            before = found
            halve()
            for part in scenario.parts where mayGo(part) && found.keeps(part, of: scenario) {
                holds { $0.without.insert(part) }
            }
        } while found != before
        return found
    }

    private mutating func halve() {
        while true {
            let nodes = found.nodes ?? scenario.nodeCount
            let less = max(scenario.fleet.count, nodes / 2)
            let smaller = scenario.scaled(to: less)
            let strangers = smaller.strangers.map(\.part).filter { found.keeps($0, of: scenario) }
            guard less < nodes, smaller.sickStrangers.isEmpty, strangers.allSatisfy(mayGo) else { return }
            let holds = holds {
                $0.nodes = less
                $0.without.formUnion(strangers)
            }
            guard holds else { return }
        }
    }

    /// Without what people do, anything would be missed.
    private func mayGo(_ part: ScenarioPart) -> Bool { goal.outcome != .wrongResult || part.list == .faults }

    @discardableResult
    private mutating func holds(_ change: (inout Reduction) -> Void) -> Bool {
        guard runsLeft > 0, !isOver() else { return false }
        runsLeft -= 1
        var reduction = found
        change(&reduction)
        guard let run = try? FleetRun(reduction.of(scenario), seed: seed), run.run().isAlike(goal) else { return false }
        found = reduction
        return true
    }
}

extension Verdict {
    /// The same kind of end: of what must never be, the same sentence but for names and numbers.
    fileprivate func isAlike(_ other: Verdict) -> Bool {
        outcome == other.outcome && violations.first?.what.kind == other.violations.first?.what.kind
            && stuck.first?.what.kind == other.stuck.first?.what.kind
            && (outcome != .wrongResult || misses.first?.kind == other.misses.first?.kind)
    }
}

extension String {
    /// A sentence without counts, times, versions and tickets: without the words that hold a digit.
    fileprivate var kind: String {
        var (kind, word) = ("", "")
        for character in self + " " {
            if character.isLetter || character.isNumber {
                word.append(character)
                continue
            }
            if !word.contains(where: \.isNumber) { kind += word }
            kind.append(character)
            word = ""
        }
        return kind
    }
}
