import UpgradeModel

/// Something that a person does at the hub or at a node.
package struct ScenarioStep: Sendable {
    /// When.
    package var at: Duration
    /// What.
    package var deed: Deed

    /// Memberwise.
    package init(at: Duration, _ deed: Deed) {
        self.at = at
        self.deed = deed
    }

    /// What can be done.
    package enum Deed: Sendable {
        /// A management policy, new or changed, with its manifest.
        case publish(Rollout)
        /// The same from its files.
        case publishDocuments(RolloutDocuments)
        /// The policy is switched off.
        case disable(policy: String)
        /// The policy is removed.
        case remove(policy: String)
        /// The statuses of a policy are reset on these nodes.
        case reset(policy: String, who: Share)
        /// Other bytes lie at the hub under the name of this version from now on, well signed.
        case replace(software: String)
        /// `uplift hold` on these nodes.
        case hold(Share)
        /// `uplift unhold`.
        case unhold(Share)
        /// `uplift unregister`, again each minute until the node does it.
        case unregister(Share)

        /// The nodes on which it is done; nil where it is done at the hub.
        var who: Share? {
            switch self {
            case .reset(_, let who), .hold(let who), .unhold(let who), .unregister(let who): who
            case .publish, .publishDocuments, .disable, .remove, .replace: nil
            }
        }
    }
}

/// A management policy as a scenario publishes it.
package struct Rollout: Sendable {
    /// Its name.
    package var policy: String
    /// Software that its manifest asks for: a version, a range, or `latest`; empty = none.
    package var software: String
    /// Configuration that it asks for; empty = none.
    package var configuration = ""
    /// Certificate that it asks for; empty = none.
    package var certificate = ""
    /// Constraints on nodes.
    package var constraints: [String] = []
    /// When it starts, from the run's beginning; nil = at once.
    package var start: Duration?
    /// Over how long starts are spread.
    package var window: Duration = .zero
    /// Whether lower versions may be installed.
    package var allowsDowngrade = false

    /// For every node, at once.
    package init(policy: String, software: String = "") {
        self.policy = policy
        self.software = software
    }
}

/// Some of the nodes.
package enum Share: Hashable, Sendable {
    /// Each node with this likelihood, 0…1.
    case part(Double)
    /// This one.
    case node(String)
}
