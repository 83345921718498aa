import ArgumentParser
import FleetSimulation

/// `uplift simulate`.
struct SimulateCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Try a rollout on a simulated fleet: real agents and installers, on virtual time.",
        discussion: """
            Each file (YAML) describes a fleet, a hub, what is published, what goes wrong and what is expected; the handbook's page
            ScenarioFiles lists every key, and manifests/scenarios has samples. The same file and the same seed are the same run on every
            machine; without --seed or --seeds it is seed 1. A run that does not pass is told with what was found, the last of what
            happened on one node, the smallest part of it that ends in the same way, and the command that repeats it.

            --real runs a small scenario with the true upliftd and uplift-exchange beside this program, in scratch folders and with short
            waiting times, and checks the same expectations; what cannot be done so, as a power cut, is refused. It takes some seconds.

            --against URL sizes a hub: the scenario's nodes register at the exchange there and drive it in real time, for the whole duration,
            with the agent's own HTTP client. It publishes to that hub: nodes, groups, policies, manifests and files, all named load-SEED-…,
            for these nodes alone, and removes them at the end or when it is interrupted. It takes -o and -u of an administrator of the
            organization, which should have no other nodes and policies. Faults are refused.

            Exit codes: 0 every run passed; 20 an expectation was missed; 21 something was that must never be, as an untrue status; 22 a
            node did not come to an end, or its status not to the hub; of several the gravest, which is 21, then 22. 3 a file has mistakes. 5 the
            hub of --against does not answer, or refuses.

            Example:
              uplift simulate rollout.yaml --seeds 1..20 --nodes 50 --junit simulation.xml
              uplift simulate rollout.yaml --against https://hub.example.com/v1 -o load -u admin:PASSWORD --nodes 2000 --days 0.02
            """)

    /// JSON keeps these exactly.
    static let seedMax: UInt64 = 1 << 53

    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions

    @Argument(help: ArgumentHelp("Scenarios (YAML); - is standard input.", valueName: "file"))
    var files: [String]

    @Option(help: ArgumentHelp("Repeat the run of this seed.", valueName: "n"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("One run for each of these seeds.", valueName: "a..b"))
    var seeds: String?

    @Option(help: ArgumentHelp("Scale the fleet to so many machines, in proportion.", valueName: "n"))
    var nodes: Int?

    @Option(help: ArgumentHelp("Let faults happen for so many days instead of the file's duration.", valueName: "d"))
    var days: Double?

    @Option(help: ArgumentHelp("Leave out a part of the files, as faults[0] or steps[2]; may be given several times.", valueName: "part"))
    var without: [String] = []

    @Option(help: ArgumentHelp("Print all that happened on this node, as far as it is kept.", valueName: "node"))
    var trace: String?

    @Option(help: ArgumentHelp("Write the outcome here, for CI: a test case for each scenario and seed.", valueName: "file"))
    var junit: String?

    @Option(help: ArgumentHelp("Write the outcome here, for scripts; equal runs give equal bytes.", valueName: "file"))
    var json: String?

    @Option(help: ArgumentHelp("Draw the runs here, for people: one page that needs no network.", valueName: "file"))
    var html: String?

    @Flag(name: .customLong("real"), help: "Run the true programs instead of the simulation.")
    var isReal = false

    @Option(help: ArgumentHelp("Drive the exchange at this address, in real time, to size it.", valueName: "url"))
    var against: String?

    @Flag(name: .customLong("yes"), help: "With --against: also beside nodes and policies of others.")
    var isSure = false

    @Flag(help: "Do not look for a smaller scenario that ends in the same way.")
    var noShrink = false

    func run(in world: CommandWorld) throws(CommandError) {
        if let against { return try SimulationLoad(command: self, url: against).run(in: world) }
        if isSure || account.org != nil || account.userPw != nil {
            throw CommandError(.usage, "-o, -u and --yes are for --against URL: a simulation asks no hub")
        }
        if root.root != "/" { throw CommandError(.usage, "--root is for --against URL: a simulation reads no settings") }
        if isReal, noShrink { throw CommandError(.usage, "--no-shrink is for the simulation, not for --real: leave one out") }
        if isReal, trace != nil { throw CommandError(.usage, "--trace tells of the simulation, not of --real: leave one out") }
        let seeds = try seedRange()
        let reduction = try reduction()
        let cases = try files.map { file throws(CommandError) in try SimulationFile(file, days: days, reduction) }
        if let trace, let stranger = cases.first(where: { !$0.scenario.hasNode(trace) }) { throw stranger.hasNo(node: trace) }
        var (results, obstacle) = runs(cases, seeds, in: world)
        if results.isEmpty, let obstacle { throw obstacle }
        tell(&results, in: world)
        let obstacles = SimulateCommand.write([
            (json, { SimulationJSON.text(results) }), (html, { HTMLReport(results.map(\.verdict)).text }),
            (junit, { SimulationJUnit.text(results) }),
        ])
        try SimulateCommand.end([obstacle].compactMap { $0 } + obstacles) { () throws(CommandError) in try SimulateCommand.judge(results) }
    }

    /// All runs, up to the first that cannot be made.
    private func runs(
        _ cases: [SimulationFile], _ seeds: ClosedRange<UInt64>, in world: CommandWorld
    ) -> ([SimulationResult], CommandError?) {
        var results: [SimulationResult] = []
        for file in cases {
            for seed in seeds {
                // Should this program itself not survive a run, it is known which one.
                if cases.count > 1 || seeds.count > 1, !world.isWatched { world.writeError("\(file.whole.name), seed \(seed)\n") }
                do throws(CommandError) {
                    var result = try isReal ? file.runForReal(seed: seed, in: world) : file.run(seed: seed, trace: trace, in: world)
                    if html == nil { result.verdict.forgetPictures() }
                    results.append(result)
                } catch { return (results, error) }
            }
        }
        return (results, nil)
    }

    private func tell(_ results: inout [SimulationResult], in world: CommandWorld) {
        world.write(SimulationTable.text(results))
        for result in results { world.write(SimulationStory.whole(result)) }
        var hasShrunk: Set<String> = []
        for index in results.indices where !results[index].hasPassed {
            let shrinks = !noShrink && !isReal && hasShrunk.insert(results[index].file.path).inserted
            if shrinks { results[index].smaller = SimulationStory.smaller(results[index], in: world) }
            world.write(SimulationStory.text(results[index]))
        }
    }

    /// Writes each report, also when runs failed: then above all.
    /// - Returns: what could not be written.
    static func write(_ reports: [(path: String?, text: () -> String)]) -> [CommandError] {
        reports.compactMap { path, text in
            guard let path else { return nil }
            do throws(CommandError) { try UserFile.write(path, text()) } catch { return error }
            return nil
        }
    }

    /// The runs' own end is told before what kept it from being told.
    static func end(_ obstacles: [CommandError], _ judge: () throws(CommandError) -> Void) throws(CommandError) {
        do throws(CommandError) { try judge() } catch { throw obstacles.reduce(error) { $0.adding($1.text) } }
        guard let first = obstacles.first else { return }
        throw obstacles.dropFirst().reduce(first) { $0.adding($1.text) }
    }

    static func judge(_ results: [SimulationResult]) throws(CommandError) {
        let grave: [(Verdict.Outcome, ExitStatus)] = [
            (.brokenInvariant, .brokenInvariant), (.noProgress, .noProgress), (.wrongResult, .wrongResult),
        ]
        let counts = grave.map { row in (row.0.rawValue, results.count { $0.verdict.outcome == row.0 }, row.1) }.filter { $0.1 > 0 }
        guard let worst = counts.first else { return }
        let words = counts.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
        throw CommandError(worst.2, "\(counts.reduce(0) { $0 + $1.1 }) of \(results.count) runs did not pass: \(words)")
    }

    // MARK: Options

    func seedRange() throws(CommandError) -> ClosedRange<UInt64> {
        if seed != nil, seeds != nil { throw CommandError(.usage, "--seed and --seeds exclude each other: leave one out") }
        guard let seeds else {
            let seed = seed ?? 1
            guard seed <= SimulateCommand.seedMax else {
                throw CommandError(.usage, "--seed is \(seed), expected at most \(SimulateCommand.seedMax)")
            }
            return seed...seed
        }
        let bounds = seeds.split(separator: ".", omittingEmptySubsequences: false)
        guard bounds.count == 3, bounds[1].isEmpty, let first = UInt64(bounds[0]), let last = UInt64(bounds[2]), first <= last,
            last <= SimulateCommand.seedMax
        else { throw CommandError(.usage, "--seeds is '\(Shown.text(seeds))', expected two numbers such as 1..20, the smaller one first") }
        return first...last
    }

    func reduction() throws(CommandError) -> Reduction {
        if let nodes, !(1...1_000_000).contains(nodes) { throw CommandError(.usage, "--nodes is \(nodes), expected 1 to 1000000") }
        if let days, !(days > 0 && days <= 36_500) {
            throw CommandError(.usage, "--days is \(days), expected a number above 0, at most 36500")
        }
        var parts: Set<ScenarioPart> = []
        for text in without {
            guard let part = ScenarioPart(text) else {
                throw CommandError(.usage, "--without is '\(Shown.text(text))', expected a part such as faults[0], steps[2] or expect[1]")
            }
            parts.insert(part)
        }
        return Reduction(nodes: nodes, without: parts, duration: days.map { .seconds($0 * 86_400) })
    }
}
