import UpgradeModel

/// Decides which of several due policies a node starts next.
///
/// Kept: the one with the latest schedule, so that the newest wish is met first and older ones then find nothing to do.
/// Changed, because equal inputs must give equal nodes: of equal schedules the smallest name wins, where the real agent
/// leaves it to chance. Source: contract 4.8.
package enum SelectionRule {
    /// A policy that waits for its start.
    package struct Candidate<ID: Comparable & Sendable>: Sendable {
        /// Which policy.
        package let id: ID

        /// When it starts at the earliest.
        package let scheduled: UTCInstant

        /// A candidate from its parts.
        package init(id: ID, scheduled: UTCInstant) {
            self.id = id
            self.scheduled = scheduled
        }
    }

    /// The policy to start at `now`; nil when none is due.
    package static func next<ID>(among waiting: some Sequence<Candidate<ID>>, now: UTCInstant) -> ID? {
        waiting.lazy.filter { $0.scheduled <= now }.max(by: isLessUrgent)?.id
    }

    private static func isLessUrgent<ID>(_ left: Candidate<ID>, _ right: Candidate<ID>) -> Bool {
        left.scheduled == right.scheduled ? left.id > right.id : left.scheduled < right.scheduled
    }
}
