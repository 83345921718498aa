/// What GET of one or of all high-availability groups answers. Source: contract 1.7.
package struct NodeGroupsDocument: Codable, Hashable, Sendable {
    /// Shape: by name.
    package var nodeGroups: [NodeGroupDocument]

    /// Groups.
    package init(nodeGroups: [NodeGroupDocument]) { self.nodeGroups = nodeGroups }
}

/// A high-availability group: of its members one at a time is upgraded. Source: contract 1.7.
package struct NodeGroupDocument: Codable, Hashable, Sendable {
    /// Bare name.
    package var name: String
    /// For people.
    package var description: String
    /// Bare ids of nodes of the same org; a node is in one group at most.
    package var members: [String]
    /// Whether an administrator made it.
    package var admin: Bool
    /// RFC 3339.
    package var lastUpdated: String

    /// Memberwise.
    package init(name: String, description: String, members: [String], admin: Bool, lastUpdated: String) {
        self.name = name
        self.description = description
        self.members = members
        self.admin = admin
        self.lastUpdated = lastUpdated
    }
}

/// POST and PUT of a high-availability group.
package struct NodeGroupRequestDocument: Codable, Hashable, Sendable {
    /// Bare ids of nodes; nil = none on POST, as they were on PUT.
    package var members: [String]?
    /// For people; nil = empty on POST, as it was on PUT.
    package var description: String?

    /// Nothing said.
    package init() {}
}

/// Who has the turn of a high-availability group. An addition of ours.
package struct TurnDocument: Codable, Hashable, Sendable {
    /// Bare id.
    package var node: String
    /// Bare name of the policy that the turn is for.
    package var policy: String
    /// RFC 3339: when it was granted first.
    package var granted: String
    /// RFC 3339: when the node gave its last sign of life.
    package var lastSeen: String

    /// Memberwise.
    package init(node: String, policy: String, granted: String, lastSeen: String) {
        self.node = node
        self.policy = policy
        self.granted = granted
        self.lastSeen = lastSeen
    }
}
