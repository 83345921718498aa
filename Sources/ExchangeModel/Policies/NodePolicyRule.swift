import UpgradeWire

/// What a node policy must be to be stored. Source: contract 1.2.
package enum NodePolicyRule {
    /// The type names that a property may declare (contract 4.4).
    package static let types: Set<String> = ["string", "int", "float", "boolean", "list of strings", "version"]

    /// Passes, or refuses the first property whose declared type is unknown.
    package static func check(_ policy: NodePolicyDocument) throws(Refusal) {
        for property in policy.properties + policy.deployment.properties + policy.management.properties {
            guard let type = property.type, !types.contains(type) else { continue }
            throw .badInput(
                "property '\(property.name)' has the invalid type '\(type)'; valid: \(types.sorted().joined(separator: ", "))")
        }
    }

    /// The policy as it is stored and shown: absent texts are empty, stamped with the time.
    package static func stored(_ policy: NodePolicyDocument, lastUpdated: String) -> NodePolicyDocument {
        var stored = policy
        stored.label = policy.label ?? ""
        stored.description = policy.description ?? policy.label ?? ""
        stored.nodePolicyVersion = policy.nodePolicyVersion ?? ""
        stored.lastUpdated = lastUpdated
        return stored
    }
}
