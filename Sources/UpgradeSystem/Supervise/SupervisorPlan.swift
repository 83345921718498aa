import UpgradeModel

/// What a supervisor asks before it starts something. It knows processes; journals, links and locks are the plan's business.
///
/// Every question is asked on the supervisor's thread and answered at once. A plan that cannot answer throws; nothing is started then,
/// and it is asked again later. Source: install.md, "What starts what".
package protocol SupervisorPlan {
    /// Absolute program path and arguments of the agent that `current` names now.
    func agentCommand() throws -> [String]
    /// The job whose journal has no final record, with the program of the *old* release that brings it to an end.
    func openJob() throws -> OpenJob?
    /// Absolute program path and arguments of the installer for a job that is handed over.
    func installCommand(_ ticket: Ticket) throws -> [String]
    /// True while some process holds the install lock.
    func lockHeld() throws -> Bool
    /// One line for the log.
    func log(_ line: String)
}

/// A journal without a final record.
package struct OpenJob: Hashable, Sendable {
    /// The job.
    package let ticket: Ticket
    /// Absolute program path and arguments of `recover`.
    package let command: [String]

    /// Memberwise.
    package init(ticket: Ticket, command: [String]) {
        self.ticket = ticket
        self.command = command
    }
}

/// How long a supervisor waits for what.
package struct SupervisorLimits: Hashable, Sendable {
    /// From SIGTERM to SIGKILL.
    package var stopGrace: Duration = .seconds(10)
    /// Pause before the first restart.
    package var restartFirst: Duration = .milliseconds(200)
    /// The pause doubles up to this.
    package var restartMax: Duration = .seconds(30)
    /// A program that ran this long starts with the first pause again.
    package var steadyAfter: Duration = .seconds(60)
    /// Between two looks at a lock that somebody else holds.
    package var lockPause: Duration = .seconds(1)
    /// A client must have said its line after this long.
    package var requestTimeout: Duration = .seconds(5)

    /// The values of a node.
    package init() {}
}

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
