/// The policy of a node: its properties and constraints, with a part of its own for deployment and one for management.
/// Source: contract 1.2 (shape), 4.2 (which part counts for upgrades).
package struct NodePolicyDocument: Codable, Hashable, Sendable {
    /// Short name for people; nil = not given.
    package var label: String?
    /// Longer text for people; nil = not given.
    package var description: String?
    /// Properties for every purpose.
    package var properties: [PropertyDocument]
    /// Constraints for every purpose; all must hold.
    package var constraints: [String]
    /// What counts for service deployment only.
    package var deployment: PolicyPartDocument
    /// What counts for node management only.
    package var management: PolicyPartDocument
    /// Version of this format; nil = not given.
    package var nodePolicyVersion: String?
    /// When the exchange stored it, RFC 3339. Set by the exchange only: a PUT that carries it is refused.
    package var lastUpdated: String?

    private enum CodingKeys: String, CodingKey {
        case label, description, properties, constraints, deployment, management, nodePolicyVersion, lastUpdated
    }

    /// An empty policy unless parts are given.
    package init(
        label: String? = nil, description: String? = nil, properties: [PropertyDocument] = [], constraints: [String] = [],
        deployment: PolicyPartDocument = .init(), management: PolicyPartDocument = .init(), nodePolicyVersion: String? = nil,
        lastUpdated: String? = nil
    ) {
        self.label = label
        self.description = description
        self.properties = properties
        self.constraints = constraints
        self.deployment = deployment
        self.management = management
        self.nodePolicyVersion = nodePolicyVersion
        self.lastUpdated = lastUpdated
    }

    /// Absent keys: empty lists, empty parts, no text.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        label = try container.readIfPresent(.label)
        description = try container.readIfPresent(.description)
        properties = try container.read(.properties, or: [])
        constraints = try container.read(.constraints, or: [])
        deployment = try container.read(.deployment, or: .init())
        management = try container.read(.management, or: .init())
        nodePolicyVersion = try container.readIfPresent(.nodePolicyVersion)
        lastUpdated = try container.readIfPresent(.lastUpdated)
    }

    /// The same policy as a PUT body: without the key that only the exchange may write.
    package var asRequest: NodePolicyDocument {
        var copy = self
        copy.lastUpdated = nil
        return copy
    }
}
