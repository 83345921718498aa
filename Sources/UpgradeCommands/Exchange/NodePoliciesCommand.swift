import ArgumentParser
import UpgradeCore
import UpgradeModel
import UpgradeWire

/// `uplift exchange node management list`. Source: contract 6.4.
struct NodePoliciesCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the management policies that a node matches.", aliases: ["ls"])

    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions
    @OptionGroup var nodeAccount: NodeAccountOption

    @Flag(name: .shortAndLong, help: "Show disabled policies too.")
    var all = false

    @Argument(help: "The node, NAME or ORG/NAME.")
    var node: String

    func run(in world: CommandWorld) throws(CommandError) {
        let access = try ExchangeAccess(root, account, node: nodeAccount, in: world)
        let node = try access.account.name(node)
        let fleet = try Fleet(only: node, hub: access.hub)
        let policies = try access.hub.document(ManagementPoliciesDocument.self, HubPath.policies(node.org))?.managementPolicy ?? [:]
        guard !policies.isEmpty else {
            world.say("[]")
            return
        }
        let matching = policies.filter { ($0.value.enabled || all) && !fleet.nodes(for: $0.value).isEmpty }
        world.say(JSONText.pretty(.object(matching.mapValues { $0.enabled ? "enabled" : "disabled" })))
    }
}
