/// A node management policy (NMP): which nodes it is for, when they upgrade, and to what.
///
/// Holds what the exchange stores, unchecked: `start`, `manifest` and the constraints stay text until the rule that needs
/// them reads them, so that a policy nobody can read still has a name and a status. Source: contract 1.3.
package struct NodeManagementPolicy: Hashable, Codable, Sendable {
    /// The organization and name.
    package var id: PolicyID

    /// A short name for people.
    package var label: String

    /// A longer text for people.
    package var description: String

    /// What the node's constraints are checked against.
    package var properties: [Property]

    /// What the node's properties must satisfy; all of them.
    package var constraints: [String]

    /// The patterns whose nodes this policy is for, `org/name` or a bare name.
    package var patterns: [String]

    /// A policy that is not enabled applies to no node.
    package var enabled: Bool

    /// `now` or an RFC 3339 time, as written.
    package var start: String

    /// Units: seconds, over which the nodes spread their starts; zero or less means none.
    package var startWindowSeconds: Int

    /// The manifest, `org/id`; empty when none was given.
    package var manifest: String

    /// Whether an older version may replace a newer one.
    package var allowDowngrade: Bool

    /// When the exchange last changed the policy, as written; nil when it did not say.
    package var lastUpdated: String?

    /// A policy from its parts.
    package init(
        id: PolicyID, label: String = "", description: String = "", properties: [Property] = [], constraints: [String] = [],
        patterns: [String] = [], enabled: Bool = true, start: String = "now", startWindowSeconds: Int = 0, manifest: String = "",
        allowDowngrade: Bool = false, lastUpdated: String? = nil
    ) {
        self.id = id
        self.label = label
        self.description = description
        self.properties = properties
        self.constraints = constraints
        self.patterns = patterns
        self.enabled = enabled
        self.start = start
        self.startWindowSeconds = startWindowSeconds
        self.manifest = manifest
        self.allowDowngrade = allowDowngrade
        self.lastUpdated = lastUpdated
    }
}
