/// One of the two programs of a supervisor: the process if there is one, and when it may be started again if there is none.
struct SupervisedProcess {
    /// `agent` or `installer`, for messages.
    let name: String
    /// Running, or ended and not yet noticed.
    private(set) var child: ChildProcess?
    /// How it ended last, or why it did not start.
    var last: String?
    /// Not started by itself before this.
    var notBefore: Duration = .zero
    /// When SIGTERM was not enough.
    private(set) var killAt: Duration?
    var backOff = BackOff(SupervisorLimits())
    private var startedAt: Duration = .zero

    init(_ name: String) { self.name = name }

    var isAlive: Bool { child != nil }

    /// It was asked to end and has not yet.
    var isEnding: Bool { killAt != nil }

    mutating func started(_ child: ChildProcess) {
        self.child = child
        startedAt = Monotonic.now()
        killAt = nil
    }

    /// It could not be started; it may be tried again after a pause.
    mutating func failed(_ reason: String) {
        last = "not started: \(reason)"
        notBefore = Monotonic.now() + backOff.pause(afterRunning: .zero)
    }

    /// Asks it to end, once.
    mutating func terminate(within grace: Duration) {
        guard let child, killAt == nil else { return }
        child.terminate()
        killAt = Monotonic.now() + grace
    }

    /// Kills it when it was asked to end and did not.
    mutating func killIfOverdue() {
        guard let child, let due = killAt, Monotonic.now() >= due else { return }
        child.killGroup()
        // A process that hangs in the kernel dies when it can; killing it more often changes nothing.
        killAt = .seconds(Int64(Int32.max))
    }

    /// How it ended, if it just did.
    mutating func reap() -> ChildProcess.End? {
        guard let child, let end = child.reap() else { return nil }
        let now = Monotonic.now()
        self.child = nil
        killAt = nil
        last = end.description
        notBefore = now + backOff.pause(afterRunning: now - startedAt)
        return end
    }
}
