import UpgradeModel

/// How long to wait after the n-th failed try, and when to stop trying.
package enum RetryRule {
    /// Back-off doubles from the first delay up to the cap; the upper half of it is jittered, so that a fleet that failed together does
    /// not come back together. What the hub asked for in `Retry-After` is a lower bound (at most one day is believed).
    package static func delay(failures: Int, retryAfter: Duration?, chance: UInt64, limits: JobLimits) -> Duration {
        let doublings = min(max(failures - 1, 0), 30)
        let grown = limits.retryFirstDelay * (1 << doublings)
        let capped = min(grown, max(limits.retryDelayMax, limits.retryFirstDelay))
        let fraction = Double(chance >> 11) / Double(1 << 53)
        let jittered = capped * (0.5 + fraction / 2)
        return max(jittered, min(retryAfter ?? .zero, .seconds(86_400)))
    }

    /// True when the next try would exceed the budget.
    ///
    /// - Parameter waited: the pauses taken so far and the next one.
    package static func isSpent(failures: Int, waited: Duration, limits: JobLimits) -> Bool {
        failures >= limits.retryTries || waited > limits.retrySpan
    }
}
