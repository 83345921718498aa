import UpgradeCore
import UpgradeModel
import UpgradeWire

/// The registered nodes of an organization with what matching looks at. Source: contract 4.3.
struct Fleet {
    /// One of them.
    struct Member {
        /// `org/id`.
        let name: String
        let node: NodeDocument
        /// What counts for management.
        let policy: NodePolicy.Part
    }

    /// By name, sorted.
    let members: [Member]
    /// The names of nodes whose agents have published no key yet: policies are not for them.
    let unregistered: [String]

    /// Asks for all nodes, and for the policy of each registered one.
    init(of org: String, hub: Hub) throws(CommandError) {
        let nodes = try Self.nodes(of: org, hub: hub)
        unregistered = nodes.filter(\.node.publicKey.isEmpty).map(\.name)
        var members: [Member] = []
        for (name, node) in nodes where !node.publicKey.isEmpty {
            let path = HubPath.nodePolicy(org, Self.bareName(name, org: org))
            let policy = try hub.document(NodePolicyDocument.self, path)
            members.append(Member(name: name, node: node, policy: EffectivePolicyRule.effective(policy.map(Self.model))))
        }
        self.members = members
    }

    /// One node, which must be registered and have a policy or a pattern. Source: contract 6.4.
    init(only node: QualifiedName, hub: Hub) throws(CommandError) {
        guard let found = try hub.document(NodesDocument.self, HubPath.node(node.org, node.name))?.nodes[node.text] else {
            throw CommandError(.notFound, "node '\(node.shown)' not found.")
        }
        guard !found.publicKey.isEmpty else {
            throw CommandError(
                .usage, "the node \(node.shown) is not registered: its agent has published no key; run uplift register there")
        }
        let policy = try hub.document(NodePolicyDocument.self, HubPath.nodePolicy(node.org, node.name))
        guard policy != nil || !found.pattern.isEmpty else {
            throw CommandError(.notFound, "the node \(node.shown) has no policy")
        }
        unregistered = []
        members = [Member(name: node.text, node: found, policy: EffectivePolicyRule.effective(policy.map(Self.model)))]
    }

    /// All nodes of an organization, by name.
    static func nodes(of org: String, hub: Hub) throws(CommandError) -> [(name: String, node: NodeDocument)] {
        let nodes = try hub.document(NodesDocument.self, HubPath.nodes(org))?.nodes ?? [:]
        return nodes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The id inside the organization.
    static func bareName(_ name: String, org: String) -> String {
        name.hasPrefix(org + "/") ? String(name.dropFirst(org.count + 1)) : name
    }

    /// The nodes that a policy is for.
    func nodes(for policy: NodeManagementPolicyDocument) -> [String] {
        members.filter { Self.verdict(policy, $0) == .matches }.map(\.name)
    }

    /// Whether a policy is for a node, and if not, why.
    static func verdict(_ policy: NodeManagementPolicyDocument, _ member: Member) -> MatchVerdict {
        let model = NodeManagementPolicy(
            id: PolicyID(org: "", name: ""), properties: policy.properties.map(\.asProperty), constraints: policy.constraints,
            patterns: policy.patterns)
        return MatchRule.verdict(policy: model, node: member.policy, nodePattern: member.node.pattern)
    }

    private static func model(_ document: NodePolicyDocument) -> NodePolicy {
        NodePolicy(
            top: NodePolicy.Part(properties: document.properties.map(\.asProperty), constraints: document.constraints),
            management: NodePolicy.Part(
                properties: document.management.properties.map(\.asProperty), constraints: document.management.constraints))
    }
}
