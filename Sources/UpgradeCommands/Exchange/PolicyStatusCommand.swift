import ArgumentParser
import UpgradeModel
import UpgradeWire

/// `uplift exchange nmp status`. Source: contract 6.3 and the documentation of node management statuses.
struct PolicyStatusCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show how far a policy came on each node, as the Exchange knows it.")

    /// Statuses of one answer.
    private static let pageMax = 1_000

    /// What exchanges answer that do not know the question about a whole fleet, and what proxies before them do. If it is about rights, the
    /// requests for single nodes are answered alike.
    private static let unknownQuestion = [400, 403, 404, 405]

    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions
    @OptionGroup var nodeAccount: NodeAccountOption

    @Option(name: [.customShort("N"), .long], help: ArgumentHelp("Only this node.", valueName: "node"))
    var node: String?

    @Flag(name: .shortAndLong, help: "Show the whole status objects.")
    var long = false

    @Flag(help: "Ask for each node, also where the Exchange would answer for all at once.")
    var eachNode = false

    @Argument(help: "The policy, NAME or ORG/NAME.")
    var name: String

    func run(in world: CommandWorld) throws(CommandError) {
        let access = try ExchangeAccess(root, account, node: nodeAccount, in: world)
        let policy = try access.account.name(name)
        guard try access.policy(policy) != nil else { throw PolicyListCommand.notFound(policy) }
        let statuses = try statuses(policy, access)
        guard !statuses.isEmpty else { throw nothing(policy) }
        var shown: [String: JSONValue] = [:]
        for (node, status) in statuses { shown[node] = long ? [policy.text: try StatusView.long(status)] : StatusView.short(status) }
        world.say(JSONText.pretty(.object(shown)))
    }

    private func statuses(_ policy: QualifiedName, _ access: ExchangeAccess) throws(CommandError) -> [String: ManagementStatusDocument] {
        if node == nil, !eachNode, let all = try fleet(policy, access) { return all }
        return try each(policy, access)
    }

    /// The statuses of all nodes in a few answers; nil from an exchange that does not know the question, which is every one but
    /// `uplift-exchange`.
    private func fleet(_ policy: QualifiedName, _ access: ExchangeAccess) throws(CommandError) -> [String: ManagementStatusDocument]? {
        var found: [String: ManagementStatusDocument] = [:]
        var after: String?
        repeat {
            let path = HubPath.fleetStatuses(policy.org, policy: policy.name, after: after, limit: Self.pageMax)
            let answer = try access.hub.get(path)
            if Self.unknownQuestion.contains(answer.status) { return nil }
            let page = try answer.success().read(FleetStatusesDocument.self)
            for entry in page.statuses where entry.policy == policy.text { found[entry.node] = entry.status }
            if page.next == after { break }
            after = page.next
        } while after != nil
        return found
    }

    /// One request for each node.
    private func each(_ policy: QualifiedName, _ access: ExchangeAccess) throws(CommandError) -> [String: ManagementStatusDocument] {
        var found: [String: ManagementStatusDocument] = [:]
        for node in try nodes(policy, access) {
            let path = HubPath.status(policy.org, node.name, policy.name)
            found[node.text] = try access.hub.document(ManagementStatusesDocument.self, path)?.managementStatus[policy.text]
        }
        return found
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
