/// Pauses between restarts: doubling, and forgotten after a long run.
struct BackOff {
    private let limits: SupervisorLimits
    private var next: Duration

    init(_ limits: SupervisorLimits) {
        self.limits = limits
        next = limits.restartFirst
    }

    /// The pause before the next start of a program that ran this long.
    mutating func pause(afterRunning ran: Duration) -> Duration {
        if ran >= limits.steadyAfter { reset() }
        defer { next = min(next * 2, limits.restartMax) }
        return next
    }

    /// The next pause is the first one again.
    mutating func reset() { next = limits.restartFirst }
}
