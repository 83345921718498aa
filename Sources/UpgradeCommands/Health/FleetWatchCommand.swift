import ArgumentParser
import UpgradeWire

/// `uplift fleet watch`.
struct FleetWatchCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Show each change of a node's state as it is found, until you interrupt it.")

    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions

    @Option(help: ArgumentHelp("Pause between two questions to the Exchange.", valueName: "seconds"))
    var every = 5

    func validate() throws {
        if !(1...3600).contains(every) { throw ValidationError("--every must be 1 to 3600 seconds, found \(every)") }
    }

    func run(in world: CommandWorld) throws(CommandError) {
        let reports = FleetReports(hub: try ExchangeAccess(root, account, in: world).hub)
        var known = try reports.report(HubPath.fleetChanges(after: 0))
        world.say(known.summary)
        var seen = known.changes.last?.number ?? 0
        var isAway = false
        while world.pause(.seconds(every)) {
            guard var next = try look(reports, after: seen, &isAway, in: world) else { continue }
            if next.watchingSince != known.watchingSince {
                // One that was restored from a backup counts on from less.
                guard let all = try look(reports, after: 0, &isAway, in: world) else { continue }
                world.note("the Exchange was started anew at \(Shown.text(all.watchingSince))")
                seen = min(seen, all.changes.last?.number ?? 0)
                next = all
                next.changes.removeAll { $0.number <= seen }
            }
            for change in next.changes { world.say(change.line) }
            seen = next.changes.last?.number ?? seen
            if next.counts != known.counts { world.say(next.summary) }
            known = next
        }
    }

    /// The news; nil while the Exchange does not answer, which is told once. What no waiting helps against ends it.
    private func look(
        _ reports: FleetReports, after seen: Int, _ isAway: inout Bool, in world: CommandWorld
    ) throws(CommandError) -> FleetReportDocument? {
        let answer: Answer
        do throws(CommandError) {
            answer = try reports.hub.get(HubPath.fleetChanges(after: seen))
        } catch {
            guard error.status == .http else { throw error }
            return away(error, &isAway, in: world)
        }
        if answer.status == 429 || answer.status >= 500 { return away(answer.unexpected(), &isAway, in: world) }
        isAway = false
        return try reports.read(answer)
    }

    private func away(_ trouble: CommandError, _ isAway: inout Bool, in world: CommandWorld) -> FleetReportDocument? {
        if !isAway { world.note(trouble.text) }
        isAway = true
        return nil
    }
}

extension FleetReportDocument.Change {
    /// For people; nobody's text acts on the terminal.
    var line: String {
        let (before, after) = (from ?? "not registered", to ?? "not registered")
        return [at, node, "\(before) -> \(after)", reason].map(Shown.text).joined(separator: "  ")
    }
}
