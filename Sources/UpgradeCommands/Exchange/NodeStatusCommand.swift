import ArgumentParser
import UpgradeModel
import UpgradeWire

/// `uplift exchange node management status`. Source: contract 6.4.
struct NodeStatusCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show how far each policy came on a node, as the Exchange knows it.")

    @OptionGroup var options: NodeStatusOptions

    @Flag(name: .shortAndLong, help: "Show the whole status objects.")
    var long = false

    func run(in world: CommandWorld) throws(CommandError) {
        let statuses = try options.statuses(in: world)
        guard !statuses.all.isEmpty else {
            let node = statuses.node
            throw CommandError(
                .notFound, "Statuses for node \(Shown.text(node.name)) not found in org \(Shown.text(node.org))")
        }
        var shown: [String: JSONValue] = [:]
        for (name, status) in statuses.all { shown[name] = long ? try StatusView.long(status) : StatusView.short(status) }
        world.say(JSONText.pretty(.object(shown)))
    }
}
