import UpgradeModel
import UpgradeWire

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
