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

    private let timeline: Timeline
    private let beginning: UTCInstant
    private let state = Mutex(State())

    /// - Parameter beginning: what a right clock says at the run's beginning.
    init(timeline: Timeline, beginning: UTCInstant) {
        self.timeline = timeline
        self.beginning = beginning
    }

    /// Virtual time as this node has lived it.
    package var elapsed: Duration { max(timeline.now, state.withLock { $0.ahead }) }

    package func now() -> UTCInstant { beginning.adding(elapsed + state.withLock { $0.wrong }) }

    package func sinceBoot() -> Duration { elapsed - state.withLock { $0.booted } }

    package var bootID: String { state.withLock { "boot-\($0.boots)" } }

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
