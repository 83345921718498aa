import UpgradeCore
import UpgradeModel

/// When jobs wake, on the clock that nobody can set. The wall clock counts once, when a moment is first seen: right after its commit, or after
/// a restart, where a clock that was set back could otherwise mean years.
package struct Alarms: Sendable {
    private struct Alarm: Sendable {
        let moment: UTCInstant
        let due: Duration
    }

    /// No pause is longer: what a hub may ask for in `Retry-After`, and any limit that the settings name.
    private let longest: Duration
    private var alarms: [PolicyID: Alarm] = [:]

    /// No alarms yet.
    package init(limits: JobLimits) {
        longest = max(.seconds(86_400), limits.retryDelayMax, limits.runTime, limits.handoverTime)
    }

    /// Takes in the jobs as they are. A waiting job is left out: its start is an appointment on the wall clock.
    package mutating func set(_ jobs: [PolicyID: JobState], now: UTCInstant, sinceBoot: Duration) {
        var present: [PolicyID: Alarm] = [:]
        for (policy, state) in jobs {
            if case .waiting = state { continue }
            guard let moment = state.wake else { continue }
            if let known = alarms[policy], known.moment == moment {
                present[policy] = known
            } else {
                let pause = min(max(moment.duration(since: now), .zero), longest)
                present[policy] = Alarm(moment: moment, due: sinceBoot + pause)
            }
        }
        alarms = present
    }

    /// Whose moment has come, in order.
    package func due(sinceBoot: Duration) -> [(policy: PolicyID, moment: UTCInstant)] {
        alarms.filter { $0.value.due <= sinceBoot }.sorted { $0.key < $1.key }.map { ($0.key, $0.value.moment) }
    }

    /// Time to the next one; nil without any.
    package func pause(sinceBoot: Duration) -> Duration? { alarms.values.map { $0.due - sinceBoot }.min() }
}
