import UpgradeModel
import UpgradeWire

/// From when on a node is no longer well. Longer than what most healthy agents take; one that backs off after failures of the hub, loses
/// two requests in a row, or is held in the middle of a job may take longer.
package struct NodeHealthBounds: Hashable, Sendable {
    /// Longest pause between two heartbeats where neither node nor org tell one: the agent's own. Source: contract 1.6.
    package var longestPause: Duration = .seconds(120)
    /// By how much a heartbeat may come later than its pause says: one lost request with its time limit.
    package var slack: Duration = .seconds(30)
    /// For `download started`: several files with six hours each, tried again and again.
    package var downloading: Duration = .seconds(24 * 3600)
    /// For `downloaded`: what one run of a procedure may take.
    package var unpacking: Duration = .seconds(8 * 3600)
    /// For `initiated` and everything behind it: hand-over, trial, and the way back.
    package var installing: Duration = .seconds(2 * 3600)

    /// The defaults above.
    package init() {}

    /// How long a job may say this; nil = for ever. What waits for a time, a person or another node is not under way, and what is final
    /// stays.
    package func bound(of status: Status) -> Duration? {
        switch status {
        case .downloadStarted: downloading
        case .downloaded: unpacking
        case .initiated, .failed, .rollbackStarted, .rollbackFailed: installing
        case .waiting, .haNodeWaiting, .reset, .successful, .noActionRequired, .downloadFailed, .precheckFailed, .rollbackSuccessful,
            .unknown:
            nil
        }
    }

    /// The longest pause that a node may make between two heartbeats, as its agent reckons: the node's intervals if it has its own, else
    /// those of its org, else the default. A day at most. Source: contract 1.6.
    package func longestPause(node: HeartbeatIntervalsDocument, org: HeartbeatIntervalsDocument?) -> Duration {
        let told = node.minInterval > 0 ? node : org ?? node
        let longest = told.maxInterval > 0 ? Duration.seconds(min(told.maxInterval, 86_400)) : longestPause
        return max(longest, .seconds(max(0, min(told.minInterval, 86_400))))
    }
}
