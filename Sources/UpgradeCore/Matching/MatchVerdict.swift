import UpgradeModel

/// Whether a management policy is for a node, and if not, why.
package enum MatchVerdict: Hashable, Sendable {
    /// It is.
    case matches
    /// Never empty.
    case doesNotMatch([MatchObstacle])
}

/// One reason why a management policy is not for a node.
package enum MatchObstacle: Hashable, Sendable {
    /// The policy is for nodes with a pattern; this one has none.
    case nodeHasNoPattern(listed: [String])
    /// The node has a pattern that the policy does not list.
    case patternNotListed(pattern: String, listed: [String])
    /// What the node demands is not advertised by the policy.
    case nodeConstraintUnmet(String)
    /// What the policy demands is not advertised by the node.
    case policyConstraintUnmet(String)
    /// Nobody knows the policy of the node.
    case nodePolicyUnknown
    /// A constraint of the node cannot be read.
    case nodeConstraintUnreadable(ConstraintError)
    /// A constraint of the policy cannot be read.
    case policyConstraintUnreadable(ConstraintError)

    /// One sentence for people.
    package var explanation: String {
        switch self {
        case .nodeHasNoPattern(let listed):
            "the policy is for nodes of the patterns \(Self.quoted(listed)), and this node has none"
        case .patternNotListed(let pattern, let listed):
            listed.isEmpty
                ? "the node has the pattern '\(pattern)', and the policy lists no patterns"
                : "the node has the pattern '\(pattern)', and the policy lists \(Self.quoted(listed))"
        case .nodeConstraintUnmet(let text):
            "the node demands '\(text)', which the properties of the policy do not satisfy"
        case .policyConstraintUnmet(let text):
            "the policy demands '\(text)', which the properties of the node do not satisfy"
        case .nodePolicyUnknown:
            "the policy of the node is not known"
        case .nodeConstraintUnreadable(let error):
            "a constraint of the node cannot be read: \(error.explanation)"
        case .policyConstraintUnreadable(let error):
            "a constraint of the policy cannot be read: \(error.explanation)"
        }
    }

    private static func quoted(_ names: [String]) -> String {
        names.map { "'\($0)'" }.joined(separator: ", ")
    }
}
