import FleetSimulation

/// Why a run did not pass, for people.
enum SimulationStory {
    private static let findingsMax = 10
    static let linesMax = 25
    private static let shrinkTime: Duration = .seconds(60)

    static func text(_ result: SimulationResult) -> String {
        let verdict = result.verdict
        var lines = ["", "\(verdict.scenario), seed \(verdict.seed): \(verdict.outcome.rawValue)"]
        lines += findings(verdict)
        lines += ending(result).map { "  " + $0 }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The last of what happened, and the commands that repeat it.
    static func ending(_ result: SimulationResult) -> [String] {
        var lines: [String] = []
        let (smaller, node) = (result.smaller, result.smaller?.node ?? result.node)
        if let node, !result.isWhole {
            lines.append("The last of what happened on \(node)\(smaller == nil ? "" : ", in the smaller scenario"):")
            lines += (smaller?.story ?? result.story).suffix(linesMax).map { "  " + $0 }
        }
        lines.append("Again: \(result.replay)")
        if let smaller { lines.append("Smaller, with the same end: \(smaller.replay)") }
        return lines
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

    /// Looks for a smaller scenario with the same end, and runs it once more.
    static func smaller(_ result: SimulationResult, in world: CommandWorld) -> SimulationResult.Smaller? {
        let progress = SimulationProgress(title: "\(result.verdict.scenario), seed \(result.verdict.seed)", world: world)
        progress.say("looking for a smaller scenario with the same end")
        defer { progress.clear() }
        let clock = ContinuousClock()
        let end = clock.now + shrinkTime
        var shrinker = Shrinker(result.file.whole, from: result.file.reduction, result.verdict) { clock.now > end }
        let reduction = shrinker.shrink()
        guard reduction != result.file.reduction else { return nil }
        let run = try? result.file.reduced(to: reduction).run(seed: result.verdict.seed, trace: nil, in: world)
        return run.map { SimulationResult.Smaller(replay: $0.replay, node: $0.node, story: $0.story) }
    }
}
