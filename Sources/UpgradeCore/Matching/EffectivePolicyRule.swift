import UpgradeModel

/// Makes the policy of a node that counts for upgrades out of its two parts.
///
/// Source: contract 4.2.
package enum EffectivePolicyRule {
    /// Both parts merged: management wins per property name, and its constraints, if there are any, replace the others.
    ///
    /// Kept: a node without a policy gets an empty one, which policies without constraints match.
    package static func effective(_ policy: NodePolicy?) -> NodePolicy.Part {
        guard let policy else { return NodePolicy.Part() }
        let properties = properties(policy.top.properties, overriddenBy: policy.management.properties) { $0 }
        return NodePolicy.Part(
            properties: properties ?? [],
            constraints: constraints(policy.top.constraints, overriddenBy: policy.management.constraints) ?? [])
    }

    /// The merged properties, whatever stands for one; nil when no list was given at all.
    ///
    /// Kept: an own property that is not valid is skipped, so the general one of that name stays visible; but where there is
    /// no general list, as opposed to an empty one, the own list is taken as it is.
    package static func properties<Element>(
        _ general: [Element]?, overriddenBy own: [Element]?, as property: (Element) -> Property
    ) -> [Element]? {
        guard let own, !own.isEmpty else { return general }
        guard var merged = general else { return own }
        for element in own where property(element).problem == nil {
            let name = property(element).name.utf8
            if let index = merged.firstIndex(where: { property($0).name.utf8.elementsEqual(name) }) {
                merged[index] = element
            } else {
                merged.append(element)
            }
        }
        return merged
    }

    /// The constraints that count; nil when no list was given at all.
    package static func constraints(_ general: [String]?, overriddenBy own: [String]?) -> [String]? {
        if let own, !own.isEmpty { return own }
        return general
    }
}
