import ArgumentParser
import UpgradeModel
import UpgradeWire

/// `uplift exchange`. Source: contract 6.3, 6.4.
struct ExchangeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exchange",
        abstract: "Management policies and their statuses in the Exchange.",
        subcommands: [PolicyCommand.self, NodeCommand.self],
        aliases: ["ex"])

    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions
}

/// `uplift exchange nmp`.
struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nmp", abstract: "Node management policies: which nodes upgrade, when, and to what.",
        subcommands: [
            PolicyListCommand.self, PolicyAddCommand.self, PolicyRemoveCommand.self, PolicyStatusCommand.self, PolicyEnableCommand.self,
            PolicyDisableCommand.self,
        ])
}

/// `uplift exchange node`.
struct NodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node", abstract: "Nodes in the Exchange.", subcommands: [NodeManagementStatusesCommand.self])
}

/// `uplift exchange node management`.
struct NodeManagementStatusesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "management", abstract: "The management policies of one node, and how far they came.",
        subcommands: [NodePoliciesCommand.self, NodeStatusCommand.self, NodeResetCommand.self], aliases: ["mgmt"])
}

/// What all commands of the exchange begin with.
struct ExchangeAccess {
    let account: Account
    let hub: Hub

    /// - Parameter node: given for commands that nodes may use too.
    init(_ root: RootOption, _ options: AccountOptions, node: NodeAccountOption? = nil, in world: CommandWorld) throws(CommandError) {
        let settings = CommandSettings(root, in: world)
        account = Account(options, node: node, settings)
        hub = Hub(world: world, settings: settings, credentials: node == nil ? try account.neededUser() : try account.anybody())
    }

    /// A policy of the exchange; nil when it does not exist.
    func policy(_ name: QualifiedName) throws(CommandError) -> NodeManagementPolicyDocument? {
        let path = HubPath.policy(PolicyID(org: name.org, name: name.name))
        // Some servers answer for one policy with another one of the organization, so the name is looked up.
        return try hub.document(ManagementPoliciesDocument.self, path)?.managementPolicy[name.text]
    }
}
