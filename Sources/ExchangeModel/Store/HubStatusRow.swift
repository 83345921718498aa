/// One status of one node, as the fleet query reads it.
package struct HubStatusRow: Hashable, Sendable {
    /// Bare id of the node.
    package var node: String
    /// Bare name of the policy.
    package var policy: String
    /// The status as JSON text, `{"agentUpgradePolicyStatus":{…}}`: ten thousand of them are handed on and not taken apart.
    package var json: String

    /// Memberwise.
    package init(node: String, policy: String, json: String) {
        self.node = node
        self.policy = policy
        self.json = json
    }
}

/// Which statuses of an org the fleet query wants; nil = any.
package struct HubStatusFilter: Hashable, Sendable {
    /// Bare name of the policy.
    package var policy: String?
    /// The status word, exactly.
    package var word: String?
    /// `org/id` of the user who owns the node.
    package var owner: String?
    /// The row behind which to begin.
    package var after: StatusCursor?

    /// Every status.
    package init(policy: String? = nil, word: String? = nil, owner: String? = nil, after: StatusCursor? = nil) {
        self.policy = policy
        self.word = word
        self.owner = owner
        self.after = after
    }
}

/// A place among the statuses of an org, which are ordered by the bytes of node and policy.
package struct StatusCursor: Hashable, Sendable {
    /// Bare id of the node.
    package var node: String
    /// Bare name of the policy.
    package var policy: String

    /// Memberwise.
    package init(node: String, policy: String) {
        self.node = node
        self.policy = policy
    }
}
