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
