/// The body of POST and PUT of a management policy: nil keys are left out. Source: contract 1.3.
///
/// Constraints and patterns must not both be present, not even empty; server-only keys must not be there at all.
package struct NodeManagementPolicyRequestDocument: Codable, Hashable, Sendable {
    /// Short name for people; the exchange's database refuses a policy without one.
    package var label: String?
    /// Defaults to the label.
    package var description: String?
    /// What the node's constraints are held against.
    package var properties: [PropertyDocument]?
    /// What is held against the node's properties.
    package var constraints: [String]?
    /// Patterns whose nodes this policy is for.
    package var patterns: [String]?
    /// A disabled policy does nothing; absent = false.
    package var enabled: Bool?
    /// `now` (default) or an RFC 3339 instant.
    package var start: String?
    /// Random delay after `start`. Seconds; absent = 0, negative is stored as 0.
    package var startWindow: Int64?
    /// What to upgrade.
    package var agentUpgradePolicy: AgentUpgradePolicyDocument?

    /// Nothing is sent unless given.
    package init(
        label: String? = nil, description: String? = nil, properties: [PropertyDocument]? = nil, constraints: [String]? = nil,
        patterns: [String]? = nil, enabled: Bool? = nil, start: String? = nil, startWindow: Int64? = nil,
        agentUpgradePolicy: AgentUpgradePolicyDocument? = nil
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
    }

    /// A policy that was read, as a body that may be written back: server-only keys removed and empty lists left out.
    package init(_ policy: NodeManagementPolicyDocument) {
        self.init(
            label: policy.label, description: policy.description, properties: policy.properties.isEmpty ? nil : policy.properties,
            constraints: policy.constraints.isEmpty ? nil : policy.constraints,
            patterns: policy.patterns.isEmpty ? nil : policy.patterns, enabled: policy.enabled, start: policy.start,
            startWindow: policy.startWindow, agentUpgradePolicy: policy.agentUpgradePolicy)
    }
}
