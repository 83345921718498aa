import FleetSimulation

/// Why a run did not pass, for people.
enum SimulationStory {
    private static let findingsMax = 10
    private static let linesMax = 25
    private static let shrinkTime: Duration = .seconds(60)

    static func text(_ result: SimulationResult, shrinks: Bool, in world: CommandWorld) -> String {
        let verdict = result.verdict
        var lines = ["", "\(verdict.scenario), seed \(verdict.seed): \(verdict.outcome.rawValue)"]
        lines += findings(verdict)
        let smaller = shrinks ? smaller(result, in: world) : nil
        let shown = smaller ?? result
        if let node = shown.node, !result.isWhole {
            lines.append("  The last of what happened on \(node)\(smaller == nil ? "" : ", in the smaller scenario"):")
            lines += shown.story.suffix(linesMax).map { "    " + $0 }
        }
        lines.append("  Again: \(result.replay)")
        if let smaller { lines.append("  Smaller, with the same end: \(smaller.replay)") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What was found.
    static func findings(_ verdict: Verdict) -> [String] {
        told("broken", verdict.violations.map(sentence)) + told("no end", verdict.stuck.map(sentence)) + told("missed", verdict.misses)
    }

    /// What happened on a node, because somebody asked.
    static func whole(_ result: SimulationResult) -> String {
        guard result.isWhole, let node = result.node else { return "" }
        let what = result.story.isEmpty ? ["nothing is known; is there such a node?"] : result.story
        return "\n\(result.verdict.scenario), seed \(result.verdict.seed), \(node):\n" + what.map { "  \($0)\n" }.joined()
    }

    private static func told(_ what: String, _ sentences: [String]) -> [String] {
        let more = sentences.count - findingsMax
        return sentences.prefix(findingsMax).map { "  \(what): \(Shown.text($0))" } + (more > 0 ? ["  and \(more) more"] : [])
    }

    private static func sentence(_ finding: Verdict.Finding) -> String { "\(finding.node) at \(Unit.time(finding.at)): \(finding.what)" }

    private static func smaller(_ result: SimulationResult, in world: CommandWorld) -> SimulationResult? {
        let progress = SimulationProgress(title: "\(result.verdict.scenario), seed \(result.verdict.seed)", world: world)
        progress.say("looking for a smaller scenario with the same end")
        defer { progress.clear() }
        let clock = ContinuousClock()
        let end = clock.now + shrinkTime
        var shrinker = Shrinker(result.file.whole, from: result.file.reduction, result.verdict) { clock.now > end }
        let reduction = shrinker.shrink()
        guard reduction != result.file.reduction else { return nil }
        return try? result.file.reduced(to: reduction).run(seed: result.verdict.seed, trace: nil, in: world)
    }
}
