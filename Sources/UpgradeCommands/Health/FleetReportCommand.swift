import ArgumentParser
import UpgradeWire

/// `uplift fleet report`.
struct FleetReportCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Show the nodes that are not well, and how many are in each state; no node is asked.")

    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions

    @Flag(name: .shortAndLong, help: "Show the nodes that are well too.")
    var all = false

    @Flag(help: "The whole report as JSON instead of a table.")
    var json = false

    @Option(help: ArgumentHelp("Write the whole report as one page that needs no network here.", valueName: "file"))
    var html: String?

    func run(in world: CommandWorld) throws(CommandError) {
        let hub = try ExchangeAccess(root, account, in: world).hub
        let report = try FleetReports(hub: hub).report(HubPath.fleetReport)
        if let html { try UserFile.write(html, FleetPage(report: report).text) }
        guard !json else { return world.say(try JSONText.pretty(JSONText.value(report))) }
        let rows = (report.nodes ?? []).filter { all || $0.state != "ok" }.map(\.row)
        if !rows.isEmpty { for line in TextTable([FleetReportDocument.Node.heading] + rows).lines { world.say(line) } }
        world.say(report.summary)
    }
}

extension FleetReportDocument.Node {
    static let heading = ["NODE", "STATE", "AGE", "PERCENTILE", "VERSION", "JOBS", "REASON"]

    /// For people; nobody's text acts on the terminal.
    var row: [String] {
        let jobs = jobs.map { "\($0.policy): \($0.status)" }.joined(separator: ", ")
        let cells = [
            node, state, age.map(Self.words) ?? "-", percentile.map(String.init) ?? "-", softwareVersion ?? "-",
            jobs.isEmpty ? "-" : jobs, reason,
        ]
        return cells.map(Shown.text)
    }

    /// Roughly, in the unit in which people would say it.
    private static func words(_ seconds: Int) -> String {
        switch seconds {
        case ..<600: "\(seconds) s"
        case ..<7_200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) d"
        }
    }
}
