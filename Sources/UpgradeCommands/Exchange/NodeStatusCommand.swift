import ArgumentParser
import UpgradeModel
import UpgradeWire

/// `uplift exchange node management status`. Source: contract 6.4.
struct NodeStatusCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show how far each policy came on a node, as the Exchange knows it.")

    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions
    @OptionGroup var nodeAccount: NodeAccountOption

    @Option(name: .shortAndLong, help: ArgumentHelp("Only this policy.", valueName: "policy"))
    var policy: String?

    @Flag(name: .shortAndLong, help: "Show the whole status objects.")
    var long = false

    @Argument(help: "The node, NAME or ORG/NAME.")
    var node: String

    func run(in world: CommandWorld) throws(CommandError) {
        let access = try ExchangeAccess(root, account, node: nodeAccount, in: world)
        let node = try access.account.name(node)
        let statuses = try NodeStatuses.get(node, policy: policy, access)
        guard !statuses.isEmpty else {
            throw CommandError(
                .notFound, "Statuses for node \(Shown.text(node.name)) not found in org \(Shown.text(node.org))")
        }
        var shown: [String: JSONValue] = [:]
        for (name, status) in statuses { shown[name] = long ? try StatusView.long(status) : StatusView.short(status) }
        world.say(JSONText.pretty(.object(shown)))
    }
}
