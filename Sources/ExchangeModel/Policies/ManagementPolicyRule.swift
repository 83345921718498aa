import UpgradeWire

/// What a management policy must be to be stored. Kept: nothing else is checked, not even constraint syntax. Source: contract 1.3.
package enum ManagementPolicyRule {
    /// The attributes that can be asked for, in lower case.
    package static let attributes: Set<String> = [
        "allowdowngrade", "constraints", "created", "description", "enabled", "label", "lastupdated", "manifest", "owner", "patterns",
        "properties", "start", "startwindow",
    ]

    /// Refuses constraints together with patterns, even empty ones, and a missing label, which the real exchange answers with 500.
    package static func check(_ policy: NodeManagementPolicyRequestDocument) throws(Refusal) {
        if policy.constraints != nil, policy.patterns != nil {
            throw .badInput("you can not specify both constraints and patterns")
        }
        if policy.label == nil { throw .badInput("the key 'label' is missing in the request body") }
    }

    /// The policy as it is stored and shown, with defaults filled in.
    package static func stored(
        _ policy: NodeManagementPolicyRequestDocument, owner: String, now: String
    ) -> NodeManagementPolicyDocument {
        NodeManagementPolicyDocument(
            label: policy.label ?? "", description: policy.description ?? policy.label ?? "", properties: policy.properties ?? [],
            constraints: policy.constraints ?? [], patterns: policy.patterns ?? [], enabled: policy.enabled ?? false,
            start: policy.start ?? "now", startWindow: max(0, policy.startWindow ?? 0),
            agentUpgradePolicy: policy.agentUpgradePolicy ?? .init(), owner: owner, created: now, lastUpdated: now)
    }

    /// Refuses filters that are too long.
    package static func checkFilters(_ query: [String: String]) throws(Refusal) {
        try WildcardRule.check(query, ["description", "idfilter", "label", "manifest", "owner"])
    }

    /// The filters of the list: name of the query item, text that it is held against. Source: contract 1.3.
    package static func matches(_ policy: NodeManagementPolicyDocument, name: String, query: [String: String]) -> Bool {
        let texts = [
            "description": policy.description, "idfilter": name, "label": policy.label,
            "manifest": policy.agentUpgradePolicy.manifest, "owner": policy.owner ?? "",
        ]
        return texts.allSatisfy { key, text in query[key].map { WildcardRule.matches(text, filter: $0) } ?? true }
    }
}
