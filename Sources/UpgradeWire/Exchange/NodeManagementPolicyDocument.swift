/// A node management policy (NMP) as the exchange shows it. Source: contract 1.3.
package struct NodeManagementPolicyDocument: Codable, Hashable, Sendable {
    /// Short name for people.
    package var label: String
    /// Longer text for people.
    package var description: String
    /// What the node's constraints are held against.
    package var properties: [PropertyDocument]
    /// What is held against the node's properties; all must hold.
    package var constraints: [String]
    /// Patterns whose nodes this policy is for.
    package var patterns: [String]
    /// A disabled policy does nothing and takes its statuses away.
    package var enabled: Bool
    /// `now` or an RFC 3339 instant.
    package var start: String
    /// Random delay after `start`. Seconds.
    package var startWindow: Int64
    /// What to upgrade.
    package var agentUpgradePolicy: AgentUpgradePolicyDocument
    /// `org/user` who wrote it last; set by the exchange only.
    package var owner: String?
    /// RFC 3339; set by the exchange only.
    package var created: String?
    /// RFC 3339; set by the exchange only.
    package var lastUpdated: String?

    private enum CodingKeys: String, CodingKey {
        case label, description, properties, constraints, patterns, enabled, start, startWindow, agentUpgradePolicy
        case owner, created, lastUpdated
    }

    /// A disabled policy for everybody, due now, unless told otherwise.
    package init(
        label: String = "", description: String = "", properties: [PropertyDocument] = [], constraints: [String] = [],
        patterns: [String] = [], enabled: Bool = false, start: String = "now", startWindow: Int64 = 0,
        agentUpgradePolicy: AgentUpgradePolicyDocument = .init(), owner: String? = nil, created: String? = nil,
        lastUpdated: String? = nil
    ) {
        self.label = label
        self.description = description
        self.properties = properties
        self.constraints = constraints
        self.patterns = patterns
        self.enabled = enabled
        self.start = start
        self.startWindow = startWindow
        self.agentUpgradePolicy = agentUpgradePolicy
        self.owner = owner
        self.created = created
        self.lastUpdated = lastUpdated
    }

    /// Absent keys take the defaults of the other initializer.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        label = try container.read(.label, or: "")
        description = try container.read(.description, or: "")
        properties = try container.read(.properties, or: [])
        constraints = try container.read(.constraints, or: [])
        patterns = try container.read(.patterns, or: [])
        enabled = try container.read(.enabled, or: false)
        start = try container.read(.start, or: "now")
        startWindow = try container.read(.startWindow, or: 0)
        agentUpgradePolicy = try container.read(.agentUpgradePolicy, or: .init())
        owner = try container.readText(.owner)
        created = try container.readText(.created)
        lastUpdated = try container.readText(.lastUpdated)
    }
}
