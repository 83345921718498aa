import UpgradeModel

/// How a registered node is, as the hub can tell. Source: seed `dataone-uc10-mn-status-reports.rst`.
package struct NodeHealth: Hashable, Sendable {
    /// In one word, which is that of the wire too.
    package enum State: String, CaseIterable, Hashable, Sendable {
        /// Its heartbeats come, and no job of it is beyond its bound.
        case ok
        /// One heartbeat is missing, or more of them and the node answers a ping.
        case late
        /// It says that a job is under way, for longer than that may take.
        case stalled
        /// Two heartbeats or more are missing.
        case unreachable
        /// No heartbeat has ever come.
        case neverSeen = "never seen"
    }

    /// The word.
    package var state: State
    /// One sentence with the times, the bounds and the policy that led to it; visible characters only, also where it repeats the node.
    package var reason: String

    /// Memberwise.
    package init(_ state: State, reason: String) {
        self.state = state
        self.reason = reason
    }
}

/// A time in which the hub could hear nobody: what a node had to do then, nobody missed.
package struct HubAbsence: Hashable, Sendable {
    /// Longest pause that an agent makes after it tried in vain. Source: `HubPacing` of the agent.
    package static let longestBackOff = Duration.seconds(300)

    /// The last moment at which it heard somebody.
    package var from: UTCInstant
    /// From then on it heard again. Who spoke last before that may still be backing off, and has this long to notice.
    package var until: UTCInstant

    /// Nil when the hub was not away, or its clock says that it came back before it went.
    package init?(from: UTCInstant, until: UTCInstant) {
        guard from < until else { return nil }
        self.from = from
        self.until = until
    }

    /// How much of the time between two moments counts: while the hub was there and somebody who spoke at the first one knew that.
    package static func heard(from start: UTCInstant, to end: UTCInstant, _ absence: HubAbsence?) -> Duration {
        let whole = max(.zero, end.duration(since: start))
        guard let absence, start < absence.until else { return whole }
        return whole - max(.zero, min(end, absence.until.adding(longestBackOff)).duration(since: max(start, absence.from)))
    }
}
