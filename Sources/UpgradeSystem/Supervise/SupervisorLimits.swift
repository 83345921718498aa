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
