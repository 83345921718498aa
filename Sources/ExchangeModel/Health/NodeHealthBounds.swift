import UpgradeCore
import UpgradeModel
import UpgradeWire

/// From when on a node is no longer well: what no healthy agent with the usual settings outlives.
package struct NodeHealthBounds: Hashable, Sendable {
    /// Longest pause between two heartbeats where neither node nor org tell one: the agent's own. Source: contract 1.6.
    package var longestPause: Duration = .seconds(120)
    /// By how much a heartbeat may come later than its pause says: two lost requests, each with its time limit of 30 s and with the
    /// agent's shortest pause (`poll-interval-seconds`) or back-off behind it, which is no longer.
    package var slack: Duration = .seconds(2 * (30 + 20))
    /// For `download started` and for `downloaded`, which share their tries: all of them as long as one may take, and all pauses between.
    package var fetching: Duration
    /// For `initiated` and everything behind it: hand-over, the longest time that a package may give its health command (a day), and two hours
    /// for hooks, scripts and the way back.
    package var installing: Duration

    /// The defaults above, out of the agent's own limits.
    package init() {
        let limits = JobLimits()
        fetching = limits.retrySpan + limits.runTime * limits.retryTries
        installing = limits.handoverTime + .seconds(86_400) + .seconds(2 * 3600)
    }

    /// How long a job may say this; nil = for ever. What waits for a time, a person or another node is not under way, and what is final
    /// stays. A job that fetches and gives a reason waits too: an agent gives one while somebody holds its node, and takes it back after.
    package func bound(of job: HubHealthRow.Job) -> Duration? {
        switch job.status {
        case .downloadStarted, .downloaded: job.message.isEmpty ? fetching : nil
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
