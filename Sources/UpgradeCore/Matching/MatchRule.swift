import UpgradeModel

/// Decides whether a management policy is for a node.
///
/// Whether the policy is enabled is not looked at here. Source: contract 4.3.
package enum MatchRule {
    /// The verdict, with every obstacle there is.
    ///
    /// Kept: as soon as the node has a pattern or the policy lists some, patterns alone decide, and constraints are not
    /// looked at; names are compared byte by byte, without wildcards; a constraint that cannot be read is no match. The
    /// order of the properties counts only where two have the same name.
    ///
    /// - Parameter node: what `EffectivePolicyRule` made; nil, when nobody knows the policy of the node, matches nothing.
    package static func verdict(policy: NodeManagementPolicy, node: NodePolicy.Part?, nodePattern: String) -> MatchVerdict {
        if !nodePattern.isEmpty || !policy.patterns.isEmpty {
            return byPattern(nodePattern, listed: policy.patterns)
        }
        guard let node else { return .doesNotMatch([.nodePolicyUnknown]) }
        let obstacles =
            obstacles(
                node.constraints, policy.properties, unmet: MatchObstacle.nodeConstraintUnmet,
                unreadable: MatchObstacle.nodeConstraintUnreadable)
            + obstacles(
                policy.constraints, node.properties, unmet: MatchObstacle.policyConstraintUnmet,
                unreadable: MatchObstacle.policyConstraintUnreadable)
        return obstacles.isEmpty ? .matches : .doesNotMatch(obstacles)
    }

    /// Why a policy matches that does: one sentence for each thing that was asked.
    package static func grounds(policy: NodeManagementPolicy, node: NodePolicy.Part, nodePattern: String) -> [String] {
        if !nodePattern.isEmpty || !policy.patterns.isEmpty {
            return ["the policy lists the pattern '\(nodePattern)' of the node; constraints are not looked at"]
        }
        let grounds =
            node.constraints.map { "the node demands '\($0)', which the properties of the policy satisfy" }
            + policy.constraints.map { "the policy demands '\($0)', which the properties of the node satisfy" }
        return grounds.isEmpty ? ["neither the policy nor the node demands anything"] : grounds
    }

    private static func byPattern(_ pattern: String, listed: [String]) -> MatchVerdict {
        // An empty pattern matches an empty entry, by accident, in the real agent too.
        if listed.contains(where: { $0.utf8.elementsEqual(pattern.utf8) }) { return .matches }
        guard !pattern.isEmpty else { return .doesNotMatch([.nodeHasNoPattern(listed: listed)]) }
        let parts = pattern.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, listed.contains(where: { $0.utf8.elementsEqual(parts[1]) }) { return .matches }
        return .doesNotMatch([.patternNotListed(pattern: pattern, listed: listed)])
    }

    private static func obstacles(
        _ constraints: [String], _ properties: [Property], unmet: (String) -> MatchObstacle, unreadable: (ConstraintError) -> MatchObstacle
    ) -> [MatchObstacle] {
        constraints.compactMap { text in
            do throws(ConstraintError) {
                return try Constraint(parsing: text).isSatisfied(by: properties) ? nil : unmet(text)
            } catch {
                return unreadable(error)
            }
        }
    }
}
