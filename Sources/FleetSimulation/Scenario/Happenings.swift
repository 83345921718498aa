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
    }
}

/// A management policy as a scenario publishes it.
package struct Rollout: Sendable {
    /// Its name.
    package var policy: String
    /// Software that its manifest asks for: a version, a range, or `latest`; empty = none.
    package var software: String
    /// Constraints on nodes.
    package var constraints: [String] = []
    /// When it starts, from the run's beginning; nil = at once.
    package var start: Duration?
    /// Over how long starts are spread.
    package var window: Duration = .zero
    /// Whether lower versions may be installed.
    package var allowsDowngrade = false

    /// For every node, at once.
    package init(policy: String, software: String) {
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

/// Something that goes wrong.
package struct Fault: Sendable {
    /// From when, and until when: one instant for what happens once, drawn between them.
    package var from: Duration
    /// See `from`.
    package var until: Duration
    /// On which nodes.
    package var who: Share = .part(1)
    /// What.
    package var kind: Kind

    /// For `until`: as long as the scenario lasts.
    package static let theEnd = Duration.seconds(9_000_000_000)

    /// The same, over at this instant.
    func ended(by end: Duration) -> Fault {
        var fault = self
        (fault.from, fault.until) = (min(from, end), min(until, end))
        return fault
    }

    /// On every node.
    package init(_ kind: Kind, from: Duration, until: Duration) {
        self.kind = kind
        self.from = from
        self.until = until
    }

    /// What can go wrong.
    package enum Kind: Hashable, Sendable {
        /// The agent is killed, an installer too.
        case kill
        /// The power goes, and comes back after this long; what was not synced may be gone.
        case powerCut(back: Duration)
        /// Killed in the middle of the disk operations of the next upgrade, at the operation with this number.
        case killAtOperation(Int)
        /// The power goes at that operation.
        case cutAtOperation(Int)
        /// No call gets through, for the whole time.
        case partition
        /// The hub answers every call with this status, for the whole time.
        case hubAnswers(Int)
        /// The wall clock is set by so much.
        case clockJump(Duration)
        /// Only so many bytes are free, for the whole time.
        case diskFull(free: Int64)
    }
}

/// Something that must be so.
package enum FleetExpectation: Sendable {
    /// At `by` (nil = at the end), of the nodes that the policy concerns, at least and at most this share has the status.
    case status(policy: String, Status, atLeast: Double, atMost: Double, by: Duration?)
    /// At the end, this share of all nodes runs the version.
    case version(String, atLeast: Double, atMost: Double)
    /// In no second more requests than this reach the hub.
    case requestsPerSecond(atMost: Int)
    /// The whole fleet fetched at most this.
    case bytes(atMost: Int64)
    /// At no moment are more nodes without an agent because of upgrades, in all.
    case down(atMost: Int)
    /// At no moment are more members of one high-availability group.
    case downInGroup(atMost: Int)
}
