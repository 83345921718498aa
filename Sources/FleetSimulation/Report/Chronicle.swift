import UpgradeModel

/// How a fleet was at a number of moments: what a picture is drawn from.
package struct Chronicle: Sendable {
    /// The fleet at one moment.
    package struct Sample: Sendable {
        /// Since the run's beginning.
        package let at: Duration
        /// How many nodes run each version.
        package let versions: [String: Int]
        /// How many nodes stand at each word, by policy.
        package let statuses: [String: [Status: Int]]
        /// Most nodes down at once because of upgrades since the sample before.
        package let down: Int
        /// Requests at the hub since the sample before.
        package let requests: Int
    }

    /// What happened on a node that somebody will ask about.
    package struct Story: Sendable {
        /// The node.
        package let node: String
        /// When, and what.
        package let lines: [(at: Duration, what: String)]
    }

    /// Nodes that came to the same end for the same reason.
    package struct Group: Hashable, Sendable {
        /// The policy.
        package let policy: String
        /// Where they stand.
        package let status: Status
        /// Why; empty where nothing has to be explained.
        package let reason: String

        /// Memberwise.
        package init(policy: String, status: Status, reason: String) {
            self.policy = policy
            self.status = status
            self.reason = reason
        }
    }

    /// In order of time.
    package var samples: [Sample] = []
    /// How many nodes are in each group.
    package var groups: [Group: Int] = [:]
    /// Of nodes with a finding, and of some whose upgrade did not succeed.
    package var stories: [Story] = []
}
