import ArgumentParser
import UpgradeWire

/// `uplift exchange nmp list`. Source: contract 6.3.
struct PolicyListCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the names of the organization's policies, or one whole policy.", aliases: ["ls"])

    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions
    @OptionGroup var nodeAccount: NodeAccountOption

    @Flag(name: .shortAndLong, help: "Show the whole policies.")
    var long = false

    @Flag(help: "Show the registered nodes that each policy is for.")
    var nodes = false

    @Argument(help: "A policy, NAME or ORG/NAME; * means all.")
    var name: String?

    func run(in world: CommandWorld) throws(CommandError) {
        let access = try ExchangeAccess(root, account, node: nodeAccount, in: world)
        let named = try name.flatMap { $0 == "*" ? nil : $0 }.map { name throws(CommandError) in try access.account.name(name) }
        let org: String
        if let named { org = named.org } else { org = try access.account.org() }
        let policies: [String: NodeManagementPolicyDocument]
        if let named {
            guard let policy = try access.policy(named) else { throw Self.notFound(named) }
            policies = [named.text: policy]
        } else {
            policies = try access.hub.document(ManagementPoliciesDocument.self, HubPath.policies(org))?.managementPolicy ?? [:]
        }
        world.say(JSONText.pretty(try shown(policies, named: named != nil, org: org, hub: access.hub)))
    }

    private func shown(
        _ policies: [String: NodeManagementPolicyDocument], named: Bool, org: String, hub: Hub
    ) throws(CommandError) -> JSONValue {
        if nodes {
            if policies.isEmpty { return [:] }
            let fleet = try Fleet(of: org, hub: hub)
            return .object(policies.mapValues { policy in .array(fleet.nodes(for: policy).map { .string($0) }) })
        }
        if long || named { return try JSONText.value(policies) }
        return .array(policies.keys.sorted().map { .string($0) })
    }

    /// Kept, word for word.
    static func notFound(_ name: QualifiedName) -> CommandError {
        CommandError(.notFound, "NMP \(Shown.text(name.name)) not found in org \(Shown.text(name.org))")
    }
}
