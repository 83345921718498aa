import Glibc

/// Time that never goes back and stands still while the machine sleeps: the measure for processes, which sleep with it.
enum Monotonic {
    static func now() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    /// Milliseconds for `poll` until a deadline, never too few; -1 without one.
    static func pollTimeout(until deadline: Duration?, now: Duration) -> Int32 {
        guard let deadline else { return -1 }
        guard deadline > now else { return 0 }
        let parts = (deadline - now).components
        // A wait may end early; whoever waits looks at the time again.
        return Int32(min(parts.seconds, 1_000_000) * 1000 + parts.attoseconds / 1_000_000_000_000_000 + 1)
    }
}
