import UpgradeModel

/// Starts and stops the agent of the release that `current` names. With `upliftd supervise` it speaks to the supervisor's socket.
/// Source: install.md, "What starts what".
package protocol ServiceControl: Sendable {
    /// Stops the agent and returns when it is gone; no agent is fine.
    func stopAgent() throws(ServiceFailure)
    /// Starts the agent that `current` names; one that runs already is fine. Errors: `refused` counts against the release.
    func startAgent() throws(ServiceFailure)
    /// What is known of the agent now.
    func agent() throws(ServiceFailure) -> AgentProcess
    /// Asks for an installer process for a handed-over job. Asking again while it runs is fine.
    func handOver(_ job: Ticket) throws(ServiceFailure)
}

/// The agent as its supervisor sees it.
package enum AgentProcess: Hashable, Sendable {
    /// Running with this process id.
    case running(pid: Int32)
    /// Not running; how it ended last, if it ever ran (`exit 3`, `signal 9`).
    case stopped(last: String?)
}

/// What was asked of the supervisor was not done.
package struct ServiceFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What a failure says about the program that it concerns.
    package enum Kind: Hashable, Sendable {
        /// The supervisor tried and could not: the program is missing or not executable, or the system gave no process.
        case refused
        /// Nothing: there is no supervisor, none that answers, or one that has to be asked again later.
        case unavailable
    }

    /// Whether it counts against the program.
    package let kind: Kind
    /// One sentence.
    package let explanation: String

    /// Memberwise.
    package init(_ kind: Kind, _ explanation: String) {
        self.kind = kind
        self.explanation = explanation
    }

    package var description: String { explanation }
}
