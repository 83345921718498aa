import UpgradeWire

/// How much one user, and one org, may have. Root has no limit of its own. Source: contract 1.1.
package enum LimitRule {
    /// Nodes of one user, in all orgs.
    package static let nodesPerUserMax = 45_000
    /// Management policies of one user, in all orgs.
    package static let managementPoliciesPerUserMax = 5_000

    /// Before a node is made.
    /// - Parameter count: how many the caller owns.
    package static func checkNode(of caller: Caller, count: Int) throws(Refusal) {
        if caller.role == .root || count < nodesPerUserMax { return }
        throw .accessDenied("Access denied: '\(caller.name)' owns \(count) nodes, the limit is \(nodesPerUserMax)")
    }

    /// Before a node is made.
    /// - Parameter count: how many the org has; asked for only when the org has a limit, 0 = none.
    package static func checkNode(in org: OrgDocument, count: () throws -> Int) throws {
        let max = org.limits.maxNodes
        guard max > 0 else { return }
        let count = try count()
        if count >= max { throw Refusal.accessDenied("Access denied: the organization has \(count) nodes, its limit 'maxNodes' is \(max)") }
    }

    /// Before a management policy is made.
    /// - Parameter count: how many the caller owns.
    package static func checkManagementPolicy(of caller: Caller, count: Int) throws(Refusal) {
        if caller.role == .root || count < managementPoliciesPerUserMax { return }
        throw .accessDenied(
            "Access denied: '\(caller.name)' owns \(count) management policies, the limit is \(managementPoliciesPerUserMax)")
    }
}
