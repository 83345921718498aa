import ArgumentParser
import UpgradeWire

/// What the commands about a node's statuses are told. Source: contract 6.4.
struct NodeStatusOptions: ParsableArguments {
    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions
    @OptionGroup var nodeAccount: NodeAccountOption

    @Option(name: .shortAndLong, help: ArgumentHelp("Only this policy.", valueName: "policy"))
    var policy: String?

    @Argument(help: "The node, NAME or ORG/NAME.")
    var node: String

    /// Asks the exchange.
    func statuses(in world: CommandWorld) throws(CommandError) -> NodeStatuses {
        let access = try ExchangeAccess(root, account, node: nodeAccount, in: world)
        return try NodeStatuses(of: try access.account.name(node), policy: policy, access)
    }
}

/// The statuses of a node, as the exchange knows them.
struct NodeStatuses {
    let hub: Hub
    let node: QualifiedName
    /// Shape: `org/policy` → status; all of them, or that of the one policy.
    let all: [String: ManagementStatusDocument]

    /// Errors: `.notFound` for a node that does not exist, or that has statuses, but none of the one policy.
    init(of node: QualifiedName, policy: String?, _ access: ExchangeAccess) throws(CommandError) {
        hub = access.hub
        self.node = node
        guard try hub.document(NodesDocument.self, HubPath.node(node.org, node.name))?.nodes[node.text] != nil else {
            throw CommandError(.notFound, "node '\(node.shown)' not found.")
        }
        let path = HubPath.statuses(node.org, node.name)
        let found = try hub.document(ManagementStatusesDocument.self, path)?.managementStatus ?? [:]
        guard let policy, !found.isEmpty else {
            all = found
            return
        }
        let name = try QualifiedName(policy, org: node.org)
        guard let status = found[name.text] else {
            throw CommandError(
                .notFound,
                "Node \(Shown.text(node.name)) does not contain a status for \(Shown.text(policy)) in org \(Shown.text(node.org))")
        }
        all = [name.text: status]
    }
}
