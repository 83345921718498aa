import FleetSimulation
import UpgradePorts

/// `uplift simulate FILE --against URL`: the scenario's nodes drive a true exchange.
struct SimulationLoad {
    let command: SimulateCommand
    let url: String

    func run(in world: CommandWorld) throws(CommandError) {
        let file = try checked()
        let order = try order(file.scenario, in: world)
        guard let run = world.runAgainst else { throw CommandError(.general, "--against cannot be done here: no way to a hub is at hand") }
        world.note(
            "publishes to \(Shown.text(order.url)): \(order.scenario.nodeCount) nodes, with policies, manifests and files, all named "
                + "\(order.prefix)… in organization \(Shown.text(order.org)); all of it is removed at the end")
        let progress = SimulationProgress(title: "\(order.scenario.name), against \(Shown.text(order.url))", world: world)
        let report: LoadReport
        do {
            defer { progress.clear() }
            report = try run(order) { progress.say(LoadText.progress($0)) }
        } catch let failure as LiveFailure {
            throw CommandError(failure.exit, Shown.lines(failure.explanation))
        } catch { throw CommandError(.general, Shown.lines("\(error)")) }
        world.write(LoadText.text(report))
        let result = SimulationResult(
            file: file, verdict: report.verdict, virtual: .zero, real: report.time, node: nil, story: [], isWhole: false, against: again)
        let obstacles = SimulateCommand.write([
            (command.json, { LoadJSON.text(report) }), (command.junit, { SimulationJUnit.text([result]) }),
        ])
        try SimulateCommand.end(obstacles) { () throws(CommandError) in try judge(report, result) }
    }

    /// What the command line that repeats it says besides, without the password.
    private var again: [String] {
        var words = ["--against", url]
        if let org = command.account.org { words += ["-o", org] }
        if let user = command.account.userPw { words += ["-u", user.prefix { $0 != ":" } + ":PASSWORD"] }
        return words + (command.isSure ? ["--yes"] : [])
    }

    private func judge(_ report: LoadReport, _ result: SimulationResult) throws(CommandError) {
        if !report.leftovers.isEmpty {
            let lines = report.leftovers.prefix(20).map { "  " + Shown.text($0) }
            throw CommandError(
                .http, "\(report.leftovers.count) things could not be removed at the hub:\n" + lines.joined(separator: "\n"))
        }
        if report.isInterrupted { throw CommandError(.general, "interrupted; what was made at the hub is removed") }
        try SimulateCommand.judge([result])
    }

    // MARK: What was asked for

    private func checked() throws(CommandError) -> SimulationFile {
        let others: [(isGiven: Bool, option: String, why: String)] = [
            (command.isReal, "--real", "runs the true programs"), (command.seeds != nil, "--seeds", "asks for many runs"),
            (command.trace != nil, "--trace", "tells of the simulation"), (command.html != nil, "--html", "draws the simulation"),
            (command.noShrink, "--no-shrink", "is for simulations"),
        ]
        if let other = others.first(where: \.isGiven) {
            throw CommandError(.usage, "\(other.option) \(other.why), --against drives a true hub, once: leave one out")
        }
        guard command.files.count == 1, let path = command.files.first else {
            throw CommandError(.usage, "--against takes one file, found \(command.files.count)")
        }
        return try SimulationFile(path, days: command.days, command.reduction())
    }

    private func order(_ scenario: Scenario, in world: CommandWorld) throws(CommandError) -> LoadOrder {
        let settings = CommandSettings(command.root, in: world)
        let account = Account(command.account, settings)
        return LoadOrder(
            scenario: scenario, seed: try command.seedRange().lowerBound, url: try address(), org: try account.org(),
            credentials: try account.neededUser(), trust: settings.trust, isSure: command.isSure)
    }

    /// Without `/v1` and slashes at its end.
    private func address() throws(CommandError) -> String {
        var address = url[...]
        while address.hasSuffix("/") { address.removeLast() }
        if address.hasSuffix("/v1") { address.removeLast(3) }
        guard address.hasPrefix("http://") || address.hasPrefix("https://") else {
            throw CommandError(
                .usage, "--against is '\(Shown.text(url))', expected the address of an exchange such as https://hub.example.com/v1")
        }
        return String(address)
    }
}

extension LiveFailure {
    /// What the shell sees.
    var exit: ExitStatus {
        switch kind {
        case .order: .usage
        case .hub: .http
        case .program, .interrupted: .general
        }
    }
}
