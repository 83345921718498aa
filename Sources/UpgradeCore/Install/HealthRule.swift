import UpgradeModel

/// Judges the hub rounds of a trial: control, fresh probe of the new agent, control again. Source: install.md, "Health and commit".
package struct HealthRule: Hashable, Sendable {
    /// What a round says about the new release.
    package enum Verdict: Hashable, Sendable {
        /// The new release reaches the hub: commit.
        case good
        /// Three rounds in a row counted against it.
        case bad(cause: String)
        /// Both sides fail and only software was replaced: commit on the local probes.
        case goodWithoutHub
        /// Another round is needed. The text is shown to people.
        case undecided(why: String)
    }

    /// One round, in order of asking.
    package struct Round: Hashable, Sendable {
        /// Old configuration and certificate, before.
        package let before: ProbeResult
        /// The new agent.
        package let fresh: ProbeResult
        /// Old configuration and certificate, after.
        package let after: ProbeResult

        /// Memberwise.
        package init(before: ProbeResult, fresh: ProbeResult, after: ProbeResult) {
            self.before = before
            self.fresh = fresh
            self.after = after
        }
    }

    /// Rounds in a row that must count against a release before it fails.
    package static let badRoundsMax = 3

    private let replacesConnection: Bool
    private var badRounds = 0

    /// - Parameter replacesConnection: the upgrade brings a new configuration or certificate, so that the hub alone can tell whether it is right.
    package init(replacesConnection: Bool) { self.replacesConnection = replacesConnection }

    /// Takes in one round. An outage of the hub never counts: only a new release that fails between two controls that succeed does.
    package mutating func judge(_ round: Round) -> Verdict {
        if round.fresh.succeeded {
            badRounds = 0
            return .good
        }
        guard round.before.succeeded, round.after.succeeded else {
            badRounds = 0
            if !replacesConnection, !round.before.succeeded, !round.after.succeeded { return .goodWithoutHub }
            return .undecided(why: "hub away: \(round.before.succeeded ? round.after.reason : round.before.reason)")
        }
        badRounds += 1
        if badRounds >= HealthRule.badRoundsMax {
            return .bad(cause: "the new release does not reach the hub, the old one does: \(round.fresh.reason)")
        }
        return .undecided(why: "round \(badRounds) of \(HealthRule.badRoundsMax) failed: \(round.fresh.reason)")
    }
}
