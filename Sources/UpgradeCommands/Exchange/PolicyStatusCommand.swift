import ArgumentParser
import UpgradeModel
import UpgradeWire

/// `uplift exchange nmp status`. Source: contract 6.3 and the documentation of node management statuses.
struct PolicyStatusCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show how far a policy came on each node, as the Exchange knows it.")

    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions
    @OptionGroup var nodeAccount: NodeAccountOption

    @Option(name: [.customShort("N"), .long], help: ArgumentHelp("Only this node.", valueName: "node"))
    var node: String?

    @Flag(name: .shortAndLong, help: "Show the whole status objects.")
    var long = false

    @Argument(help: "The policy, NAME or ORG/NAME.")
    var name: String

    func run(in world: CommandWorld) throws(CommandError) {
        let access = try ExchangeAccess(root, account, node: nodeAccount, in: world)
        let policy = try access.account.name(name)
        guard try access.policy(policy) != nil else { throw PolicyListCommand.notFound(policy) }
        var found: [String: JSONValue] = [:]
        for node in try nodes(policy, access) {
            let path = HubPath.status(policy.org, node.name, policy.name)
            let statuses = try access.hub.document(ManagementStatusesDocument.self, path)?.managementStatus ?? [:]
            guard let status = statuses[policy.text] else { continue }
            found[node.text] = long ? [policy.text: try StatusView.long(status)] : StatusView.short(status)
        }
        guard !found.isEmpty else { throw nothing(policy) }
        world.say(JSONText.pretty(.object(found)))
    }

    /// The named node, or all nodes of the policy's organization.
    private func nodes(_ policy: QualifiedName, _ access: ExchangeAccess) throws(CommandError) -> [QualifiedName] {
        guard let node else {
            let all = try Fleet.nodes(of: policy.org, hub: access.hub)
            return all.map { QualifiedName(org: policy.org, name: Fleet.bareName($0.name, org: policy.org)) }
        }
        let named = try QualifiedName(node, org: policy.org)
        guard named.org == policy.org else {
            throw CommandError(
                .usage, "the node \(named.shown) is not of org \(Shown.text(policy.org)): a policy has nodes of its own organization only")
        }
        let path = HubPath.node(named.org, named.name)
        guard try access.hub.document(NodesDocument.self, path)?.nodes[named.text] != nil else {
            throw CommandError(.notFound, "Node \(Shown.text(named.name)) not found in org \(Shown.text(named.org))")
        }
        return [named]
    }

    private func nothing(_ policy: QualifiedName) -> CommandError {
        let place = node.map { " for node \(Shown.text($0))" } ?? ""
        return CommandError(
            .notFound, "Status for NMP \(Shown.text(policy.name)) not found\(place) in org \(Shown.text(policy.org))")
    }
}
