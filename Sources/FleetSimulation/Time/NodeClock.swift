import Synchronization
import UpgradeModel
import UpgradePorts

/// The clocks of one node: the timeline's, and the time that the piece of work under way has taken so far. The wall clock may be wrong.
package final class NodeClock: Clock {
    private struct State {
        /// Not before this.
        var ahead: Duration = .zero
        var booted: Duration = .zero
        var boots = 1
        var wrong: Duration = .zero
    }

    private static let beginning = UTCInstant(secondsSinceEpoch: 1_767_225_600)

    private let timeline: Timeline
    private let state = Mutex(State())

    init(timeline: Timeline) { self.timeline = timeline }

    /// Virtual time as this node has lived it.
    package var elapsed: Duration { max(timeline.now, state.withLock { $0.ahead }) }

    package func now() -> UTCInstant { NodeClock.beginning.adding(elapsed + state.withLock { $0.wrong }) }

    package func sinceBoot() -> Duration { elapsed - state.withLock { $0.booted } }

    package var bootID: String { state.withLock { "boot-\($0.boots)" } }

    /// The right time at an instant of the run.
    package static func time(at instant: Duration) -> UTCInstant { beginning.adding(instant) }

    /// The work under way took this long.
    func took(_ time: Duration) {
        let now = elapsed
        state.withLock { $0.ahead = now + max(.zero, time) }
    }

    /// Somebody sets the wall clock; only the wall clock notices.
    func jump(by time: Duration) { state.withLock { $0.wrong += time } }

    /// The machine starts.
    func boot() {
        let now = timeline.now
        state.withLock { state in
            state.ahead = now
            state.booted = now
            state.boots += 1
        }
    }
}
