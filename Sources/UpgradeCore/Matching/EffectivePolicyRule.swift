import UpgradeModel

/// Makes the policy of a node that counts for upgrades out of its two parts.
///
/// Source: contract 4.2.
package enum EffectivePolicyRule {
    /// Both parts merged: management wins per property name, and its constraints, if there are any, replace the others.
    ///
    /// Kept: a management property that is not valid is skipped, so the general one of that name stays visible; and
    /// a node without a policy gets an empty one, which policies without constraints match.
    package static func effective(_ policy: NodePolicy?) -> NodePolicy.Part {
        guard let policy else { return NodePolicy.Part() }
        var properties = policy.top.properties
        if properties.isEmpty {
            properties = policy.management.properties
        } else {
            for property in policy.management.properties where property.problem == nil {
                merge(property, into: &properties)
            }
        }
        let hasOwnConstraints = !policy.management.constraints.isEmpty
        let constraints = hasOwnConstraints ? policy.management.constraints : policy.top.constraints
        return NodePolicy.Part(properties: properties, constraints: constraints)
    }

    private static func merge(_ property: Property, into properties: inout [Property]) {
        if let index = properties.firstIndex(where: { $0.name == property.name }) {
            properties[index] = property
        } else {
            properties.append(property)
        }
    }
}
