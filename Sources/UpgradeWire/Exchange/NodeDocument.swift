/// A node as the exchange shows it. Source: contract 1.2.
package struct NodeDocument: Codable, Hashable, Sendable {
    /// Always masked by the exchange.
    package var token: String
    /// Name for people.
    package var name: String
    /// `org/user` of the user who created it.
    package var owner: String
    /// `device` or `cluster`.
    package var nodeType: String
    /// `org/pattern`, or empty for a policy node.
    package var pattern: String
    /// Services that the node is registered for; not used by upgrades, carried as it came.
    package var registeredServices: [JSONValue]
    /// Input for services; not used by upgrades, carried as it came.
    package var userInput: [JSONValue]
    /// Not used by upgrades.
    package var msgEndPoint: String
    /// What the node says it runs.
    package var softwareVersions: SoftwareVersionsDocument
    /// Last poll, RFC 3339; nil = never.
    package var lastHeartbeat: String?
    /// Non-empty means "registered" in the words of the command line.
    package var publicKey: String
    /// Architecture in Go's words, as `amd64`.
    package var arch: String
    /// How often it polls, when set for this node.
    package var heartbeatIntervals: HeartbeatIntervalsDocument
    /// Bare name of its HA group; nil = none.
    package var haGroup: String?
    /// When the exchange stored the node last, RFC 3339.
    package var lastUpdated: String
    /// Kubernetes namespace of a cluster node.
    package var clusterNamespace: String
    /// Whether a cluster node is confined to its namespace.
    package var isNamespaceScoped: Bool

    private enum CodingKeys: String, CodingKey {
        case token, name, owner, nodeType, pattern, registeredServices, userInput, msgEndPoint, softwareVersions, lastHeartbeat
        case publicKey, arch, heartbeatIntervals, lastUpdated, clusterNamespace, isNamespaceScoped
        case haGroup = "ha_group"
    }

    /// A device without pattern unless told otherwise.
    package init(
        token: String = "", name: String = "", owner: String = "", nodeType: String = "device", pattern: String = "",
        registeredServices: [JSONValue] = [], userInput: [JSONValue] = [], msgEndPoint: String = "",
        softwareVersions: SoftwareVersionsDocument = .init(), lastHeartbeat: String? = nil, publicKey: String = "", arch: String = "",
        heartbeatIntervals: HeartbeatIntervalsDocument = .init(), haGroup: String? = nil, lastUpdated: String = "",
        clusterNamespace: String = "", isNamespaceScoped: Bool = false
    ) {
        self.token = token
        self.name = name
        self.owner = owner
        self.nodeType = nodeType
        self.pattern = pattern
        self.registeredServices = registeredServices
        self.userInput = userInput
        self.msgEndPoint = msgEndPoint
        self.softwareVersions = softwareVersions
        self.lastHeartbeat = lastHeartbeat
        self.publicKey = publicKey
        self.arch = arch
        self.heartbeatIntervals = heartbeatIntervals
        self.haGroup = haGroup
        self.lastUpdated = lastUpdated
        self.clusterNamespace = clusterNamespace
        self.isNamespaceScoped = isNamespaceScoped
    }

    /// Absent keys take the defaults of the other initializer.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        token = try container.read(.token, or: "")
        name = try container.read(.name, or: "")
        owner = try container.read(.owner, or: "")
        nodeType = try container.readText(.nodeType) ?? "device"
        pattern = try container.read(.pattern, or: "")
        registeredServices = try container.read(.registeredServices, or: [])
        userInput = try container.read(.userInput, or: [])
        msgEndPoint = try container.read(.msgEndPoint, or: "")
        softwareVersions = try container.read(.softwareVersions, or: .init())
        lastHeartbeat = try container.readText(.lastHeartbeat)
        publicKey = try container.read(.publicKey, or: "")
        arch = try container.read(.arch, or: "")
        heartbeatIntervals = try container.read(.heartbeatIntervals, or: .init())
        haGroup = try container.readText(.haGroup)
        lastUpdated = try container.read(.lastUpdated, or: "")
        clusterNamespace = try container.read(.clusterNamespace, or: "")
        isNamespaceScoped = try container.read(.isNamespaceScoped, or: false)
    }

    /// Every key, `null` for a heartbeat and a group that there are not.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(token, forKey: .token)
        try container.encode(name, forKey: .name)
        try container.encode(owner, forKey: .owner)
        try container.encode(nodeType, forKey: .nodeType)
        try container.encode(pattern, forKey: .pattern)
        try container.encode(registeredServices, forKey: .registeredServices)
        try container.encode(userInput, forKey: .userInput)
        try container.encode(msgEndPoint, forKey: .msgEndPoint)
        try container.encode(softwareVersions, forKey: .softwareVersions)
        try container.encode(lastHeartbeat, forKey: .lastHeartbeat)
        try container.encode(publicKey, forKey: .publicKey)
        try container.encode(arch, forKey: .arch)
        try container.encode(heartbeatIntervals, forKey: .heartbeatIntervals)
        try container.encode(haGroup, forKey: .haGroup)
        try container.encode(lastUpdated, forKey: .lastUpdated)
        try container.encode(clusterNamespace, forKey: .clusterNamespace)
        try container.encode(isNamespaceScoped, forKey: .isNamespaceScoped)
    }
}
