import UpgradeModel

/// Decides whether a management policy is for a node.
///
/// Whether the policy is enabled is not looked at here. Source: contract 4.3.
package enum MatchRule {
    /// The verdict, with every obstacle there is.
    ///
    /// Kept: as soon as the node has a pattern or the policy lists some, patterns alone decide, and constraints are not
    /// looked at; names are compared letter by letter, without wildcards; a constraint that cannot be read is no match.
    package static func verdict(policy: NodeManagementPolicy, node: NodePolicy.Part, nodePattern: String) -> MatchVerdict {
        if !nodePattern.isEmpty || !policy.patterns.isEmpty {
            return byPattern(nodePattern, listed: policy.patterns)
        }
        let obstacles =
            obstacles(
                node.constraints, policy.properties, unmet: MatchObstacle.nodeConstraintUnmet,
                unreadable: MatchObstacle.nodeConstraintUnreadable)
            + obstacles(
                policy.constraints, node.properties, unmet: MatchObstacle.policyConstraintUnmet,
                unreadable: MatchObstacle.policyConstraintUnreadable)
        return obstacles.isEmpty ? .matches : .doesNotMatch(obstacles)
    }

    private static func byPattern(_ pattern: String, listed: [String]) -> MatchVerdict {
        // An empty pattern matches an empty entry, by accident, in the real agent too.
        if listed.contains(pattern) { return .matches }
        guard !pattern.isEmpty else { return .doesNotMatch([.nodeHasNoPattern(listed: listed)]) }
        let parts = pattern.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, listed.contains(String(parts[1])) { return .matches }
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
