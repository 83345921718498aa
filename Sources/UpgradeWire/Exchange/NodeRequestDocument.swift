/// The body of PUT (all of it) or PATCH (exactly one key set) of a node: nil keys are left out. Source: contract 1.2.
///
/// `name` is required by PUT. Whoever is neither the node nor root gives pattern, publicKey and token together or none of them.
package struct NodeRequestDocument: Codable, Hashable, Sendable {
    /// The node's secret. Never logged.
    package var token: String?
    /// Name for people.
    package var name: String?
    /// `device` or `cluster`.
    package var nodeType: String?
    /// `org/pattern`, or empty for a policy node.
    package var pattern: String?
    /// Carried as they are.
    package var registeredServices: [JSONValue]?
    /// Carried as it is.
    package var userInput: [JSONValue]?
    /// Not used by upgrades.
    package var msgEndPoint: String?
    /// What the node says it runs.
    package var softwareVersions: SoftwareVersionsDocument?
    /// Setting it makes the node "registered".
    package var publicKey: String?
    /// Architecture in Go's words, as `amd64`.
    package var arch: String?
    /// How often it polls.
    package var heartbeatIntervals: HeartbeatIntervalsDocument?
    /// Kubernetes namespace of a cluster node.
    package var clusterNamespace: String?
    /// Whether a cluster node is confined to its namespace.
    package var isNamespaceScoped: Bool?

    /// Nothing is sent unless given.
    package init(
        token: String? = nil, name: String? = nil, nodeType: String? = nil, pattern: String? = nil,
        softwareVersions: SoftwareVersionsDocument? = nil, publicKey: String? = nil, arch: String? = nil,
        heartbeatIntervals: HeartbeatIntervalsDocument? = nil
    ) {
        self.token = token
        self.name = name
        self.nodeType = nodeType
        self.pattern = pattern
        self.softwareVersions = softwareVersions
        self.publicKey = publicKey
        self.arch = arch
        self.heartbeatIntervals = heartbeatIntervals
    }
}
