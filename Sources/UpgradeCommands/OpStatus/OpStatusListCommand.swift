import ArgumentParser
import UpgradeWire

/// `uplift opstatus list`.
struct OpStatusListCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List records of operation status, the newest writing first.", aliases: ["ls"])

    @OptionGroup var root: RootOption
    @OptionGroup var filter: OperationFilter
    @OptionGroup var source: OperationSource

    @Option(help: "So many of the newest.")
    var last = 20

    @Flag(help: "Only the newest record of each activity.")
    var latest = false

    @Flag(help: "JSON instead of a table.")
    var json = false

    func run(in world: CommandWorld) throws(CommandError) {
        let records = try source.records(root, in: world)
        let found = latest ? try records.latest() : try records.newest(last, filter.query)
        guard !json else { return world.say(try JSONText.pretty(JSONText.value(found))) }
        guard !found.isEmpty else { return world.note("There are no such records.") }
        let hasNodes = source.node != nil
        for line in TextTable([OperationDocument.heading(hasNodes)] + found.map { $0.row(hasNodes) }).lines { world.say(line) }
    }
}

extension OperationDocument {
    static func heading(_ hasNodes: Bool) -> [String] {
        (hasNodes ? ["NODE"] : []) + ["TIME", "ACTIVITY", "TYPE", "STATUS", "SECONDS", "POLICY", "ID", "DETAILS"]
    }

    /// For people; nobody's text acts on the terminal.
    func row(_ hasNodes: Bool) -> [String] {
        let cells =
            (hasNodes ? [context.node_uuid ?? "hub"] : []) + [
                shownTime, activity, type, status ?? "-", seconds, context.queue_tag ?? "-", id, details,
            ]
        return cells.map(Shown.text)
    }

    /// Milliseconds are enough for people.
    var seconds: String {
        let milliseconds = Int64(max(0, min(stats.time, 1e12)) * 1000)
        return "\(milliseconds / 1000).\(String(milliseconds % 1000 + 1000).dropFirst())"
    }
}
