import Synchronization
import UpgradeModel
import UpgradePorts

/// A clock that moves only by hand.
package final class SimClock: Clock {
    private struct State {
        var now: UTCInstant
        var sinceBoot: Duration
        var boot = 1
    }

    private let state: Mutex<State>

    /// Stands still at these times.
    package init(now: UTCInstant = UTCInstant(secondsSinceEpoch: 1_767_225_600), sinceBoot: Duration = .seconds(100)) {
        state = Mutex(State(now: now, sinceBoot: sinceBoot))
    }

    package func now() -> UTCInstant { state.withLock { $0.now } }

    package func sinceBoot() -> Duration { state.withLock { $0.sinceBoot } }

    package var bootID: String { state.withLock { "boot-\($0.boot)" } }

    /// Time passes on both clocks.
    package func advance(by duration: Duration) {
        state.withLock { state in
            state.now = state.now.adding(duration)
            state.sinceBoot += max(.zero, duration)
        }
    }

    /// Somebody sets the wall clock; the other one does not notice.
    package func setWall(to instant: UTCInstant) { state.withLock { $0.now = instant } }

    /// The machine starts anew after this long without power.
    package func reboot(after pause: Duration = .seconds(30)) {
        state.withLock { state in
            state.now = state.now.adding(pause)
            state.sinceBoot = .zero
            state.boot += 1
        }
    }
}
