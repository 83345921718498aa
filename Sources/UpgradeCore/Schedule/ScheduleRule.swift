import UpgradeModel

/// Decides when a node starts a management policy that it has just begun to match.
///
/// Source: contract 4.8.
package enum ScheduleRule {
    /// The word for an immediate start.
    package static let nowWord = "now"

    /// The start of `policy` on this node: its `start`, plus a part of its window that `chance` picks.
    ///
    /// Kept: `now` means the moment at which this node sees the policy, unless the exchange still writes times in
    /// the old form with `[UTC]`; then it means the policy's last change.
    /// Changed, because a typing error must not start an upgrade: a `start` that cannot be read is an error, where the real
    /// agent takes it for the year 1 and starts at once.
    ///
    /// - Parameter chance: a uniformly random number, from outside.
    package static func schedule(
        of policy: NodeManagementPolicy, now: UTCInstant, chance: UInt64
    ) throws(ScheduleError) -> UTCInstant {
        let start = try start(policy.start, now: now, lastUpdated: policy.lastUpdated)
        return start.adding(delay(windowSeconds: policy.startWindowSeconds, chance: chance))
    }

    /// The moment that a `start` text names, before the window is added; an empty text counts as `now`.
    package static func start(_ text: String, now: UTCInstant, lastUpdated: String?) throws(ScheduleError) -> UTCInstant {
        if text == nowWord || text.isEmpty {
            guard let lastUpdated, lastUpdated.hasSuffix("[UTC]") else { return now }
            return UTCInstant(rfc3339: lastUpdated) ?? now
        }
        guard let instant = UTCInstant(rfc3339: text) else { throw ScheduleError(found: text) }
        return instant
    }

    /// 0 ... `windowSeconds` − 1 whole seconds, each as likely as any other; zero without a window.
    package static func delay(windowSeconds: Int, chance: UInt64) -> Duration {
        guard windowSeconds > 0 else { return .zero }
        // The high half of the product scales the whole range of `chance` down evenly; a remainder would not.
        let seconds = UInt64(windowSeconds).multipliedFullWidth(by: chance).high
        return .seconds(seconds)
    }
}

/// The start of a policy cannot be read; the policy becomes `precheck failed`.
package struct ScheduleError: Error, Hashable, Sendable {
    /// What stands where a start was expected.
    package let found: String

    /// The stable word.
    package var word: String { "schedule-unreadable" }

    /// One sentence for people.
    package var explanation: String {
        "the start of the policy is '\(found)'; expected 'now' or a time such as 2026-01-31T02:00:00Z"
    }

    /// What to do about it.
    package var remedy: String { "correct the start of the policy in the exchange, then reset its status" }
}
