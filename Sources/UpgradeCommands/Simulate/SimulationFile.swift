import FleetSimulation

/// A scenario as the user wants it.
struct SimulationFile {
    let path: String
    /// Instead of the file's duration.
    let days: Double?
    /// What is taken from it.
    let reduction: Reduction
    /// As the file has it.
    let whole: Scenario

    /// What is left of it.
    var scenario: Scenario { reduction.of(whole) }

    init(_ path: String, days: Double?, _ reduction: Reduction) throws(CommandError) {
        let text = String(decoding: try UserFile.document(path), as: UTF8.self)
        do throws(ScenarioMistakes) {
            whole = try ScenarioReader.read(text) { try UserFile.document(SimulationFile.beside(path, $0)) }
        } catch {
            let lines = error.all.map { Shown.text($0.sentence(file: path)) }
            let count = lines.count == 1 ? "a mistake" : "\(lines.count) mistakes"
            throw CommandError(.json, "\(Shown.text(path)) has \(count):\n" + lines.joined(separator: "\n"))
        }
        (self.path, self.days, self.reduction) = (path, days, reduction)
        try refuseMissing()
        try refuseStrangers()
    }

    /// Who leaves out what is not there means something else.
    private func refuseMissing() throws(CommandError) {
        guard let first = reduction.without.subtracting(whole.parts).min() else { return }
        let (list, count) = (first.list.rawValue, whole.parts.count { $0.list == first.list })
        let expected = count == 0 ? "leave it out" : count == 1 ? "expected \(list)[0]" : "expected \(list)[0] to \(list)[\(count - 1)]"
        let found = count == 1 ? "1 entry" : "\(count) entries"
        throw CommandError(.usage, "--without '\(first.text)': \(Shown.text(path)) has \(found) in '\(list)', \(expected)")
    }

    /// A fault that hits nobody would make a run pass that tries nothing.
    private func refuseStrangers() throws(CommandError) {
        guard let nodes = reduction.nodes else { return }
        let scaled = whole.scaled(to: nodes)
        if let sick = scaled.sickStrangers.first {
            throw CommandError(
                .usage,
                "\(Shown.text(path)): 'sick-on' of the build \(sick.version) names the machine \(sick.node), which is not there with "
                    + "--nodes \(nodes): take more machines")
        }
        let strangers = scaled.strangers.filter { reduction.keeps($0.part, of: whole) }
        guard let first = strangers.first else { return }
        throw CommandError(
            .usage,
            """
            \(Shown.text(path)): \(first.part.text) names the machine \(first.node), which is not there with --nodes \(nodes): take more \
            machines, or leave it out with \(strangers.map { "--without '\($0.part.text)'" }.joined(separator: " "))
            """)
    }

    /// Nothing would be told of it.
    func hasNo(node: String) -> CommandError {
        let nodes = scenario.fleet.map { "\($0.name)-1 to \($0.name)-\($0.count)" }.joined(separator: ", ")
        return CommandError(.usage, "--trace '\(Shown.text(node))': \(Shown.text(path)) has no such node; nodes are \(nodes)")
    }

    /// Files that a scenario names lie beside it.
    private static func beside(_ path: String, _ name: String) -> String {
        guard !name.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return name }
        return path[...slash] + name
    }

    private init(_ file: SimulationFile, _ reduction: Reduction) {
        (path, days, whole) = (file.path, file.days, file.whole)
        self.reduction = reduction
    }

    /// The same file with less left of it.
    func reduced(to reduction: Reduction) -> SimulationFile { SimulationFile(self, reduction) }

    /// One run.
    func run(seed: UInt64, trace: String?, in world: CommandWorld) throws(CommandError) -> SimulationResult {
        let scenario = scenario
        let (clock, run) = (ContinuousClock(), try make(scenario, seed))
        let begin = clock.now
        let progress = SimulationProgress(title: "\(scenario.name), seed \(seed)", world: world)
        let verdict = run.run { progress.show($0) }
        progress.clear()
        let node = trace ?? (verdict.outcome == .passed ? nil : run.troubledNode(verdict))
        let lines = node.map { run.lines(of: $0) } ?? []
        return SimulationResult(
            file: self, verdict: verdict, virtual: scenario.duration + verdict.settledAfter, real: clock.now - begin, node: node,
            story: lines.suffix(trace == nil ? SimulationStory.linesMax : .max).map { "\(Unit.time($0.at))  \(Shown.text($0.what))" },
            isWhole: trace != nil)
    }

    /// One run with the true programs.
    func runForReal(seed: UInt64, in world: CommandWorld) throws(CommandError) -> SimulationResult {
        guard let run = world.runForReal else { throw CommandError(.general, "--real cannot be done here: no true programs are at hand") }
        let scenario = scenario
        let progress = SimulationProgress(title: "\(scenario.name), for real", world: world)
        progress.say("true programs are at work")
        defer { progress.clear() }
        let clock = ContinuousClock()
        let begin = clock.now
        do {
            let verdict = try run(scenario, seed)
            return SimulationResult(
                file: self, verdict: verdict, virtual: .zero, real: clock.now - begin, node: nil, story: [], isWhole: false, isReal: true)
        } catch let failure as LiveFailure {
            throw CommandError(failure.exit, Shown.lines(failure.explanation))
        } catch { throw CommandError(.general, Shown.lines("\(error)")) }
    }

    private func make(_ scenario: Scenario, _ seed: UInt64) throws(CommandError) -> FleetRun {
        do {
            return try FleetRun(scenario, seed: seed)
        } catch {
            throw CommandError(
                .json,
                "\(Shown.text(path)): the machines could not be set up: \(error); give them more disk, or another version to begin with")
        }
    }
}

/// What came of one scenario with one seed.
struct SimulationResult {
    let file: SimulationFile
    var verdict: Verdict
    let virtual: Duration
    let real: Duration
    /// The node whose story is told; nil = none.
    let node: String?
    /// Its lines.
    let story: [String]
    /// Whether the user asked for all of it.
    let isWhole: Bool
    /// Whether true programs ran.
    var isReal = false

    /// Options of a run against a true hub.
    var against: [String] = []
    /// The smallest part of it that ends in the same way.
    var smaller: Smaller?

    /// What a smaller run is told with.
    struct Smaller {
        let replay: String
        let node: String?
        let story: [String]
    }

    var hasPassed: Bool { verdict.outcome == .passed }

    /// The command that repeats it.
    var replay: String {
        var words = ["uplift", "simulate", file.path, "--seed", "\(verdict.seed)"]
        if let nodes = file.reduction.nodes { words += ["--nodes", "\(nodes)"] }
        if let days = file.days { words += ["--days", "\(days)"] }
        words += file.reduction.without.sorted().flatMap { ["--without", $0.text] }
        if let node { words += ["--trace", node] }
        if isReal { words.append("--real") }
        let command = (words + against).map(SimulationResult.quoted).joined(separator: " ")
        return command + (file.path == "-" ? "  # with the same standard input" : "")
    }

    /// As a shell takes it for one word.
    private static func quoted(_ word: String) -> String {
        let isPlain = !word.isEmpty && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._/:=-".contains($0)) }
        return isPlain ? word : "'" + Shown.text(word).replacing("'", with: "'\\''") + "'"
    }
}

/// How far a run is, on one line that is written again and again, for people alone.
struct SimulationProgress {
    let title: String
    let world: CommandWorld

    func show(_ progress: FleetRun.Progress) {
        say("\(Int(progress.now / progress.end * 100)) % of \(Unit.time(progress.end))")
    }

    func say(_ what: String) {
        if world.isWatched { world.writeError("\r\u{1B}[K\(title): \(what)") }
    }

    func clear() {
        if world.isWatched { world.writeError("\r\u{1B}[K") }
    }
}
