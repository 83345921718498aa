import UpgradeModel

/// Runs a command of a package (health, hooks) in its own process group, without a shell.
package protocol CommandRunner: Sendable {
    /// Starts it and returns at once. Errors: it could not be started at all.
    func begin(_ command: Command) throws(CommandFailure) -> CommandID
    /// Where it is now.
    func poll(_ id: CommandID) -> CommandState
    /// Kills its whole process group and forgets it.
    func cancel(_ id: CommandID)
}

/// What is to be run.
package struct Command: Hashable, Sendable {
    /// Absolute path of the executable.
    package var executable: String
    /// Arguments without the name.
    package var arguments: [String]
    /// Absolute path of the folder it runs in.
    package var directory: String
    /// The whole environment.
    package var environment: [String: String]
    /// Killed after this.
    package var timeout: Duration

    /// Memberwise.
    package init(executable: String, arguments: [String], directory: String, environment: [String: String], timeout: Duration) {
        self.executable = executable
        self.arguments = arguments
        self.directory = directory
        self.environment = environment
        self.timeout = timeout
    }
}

/// One started command.
package struct CommandID: Hashable, Sendable {
    /// A number that is not used twice in one process.
    package let number: Int

    /// Memberwise.
    package init(number: Int) { self.number = number }
}

/// Where a command is.
package enum CommandState: Hashable, Sendable {
    /// Still running.
    case running
    /// Ended by itself; `output` is the last 4 KiB of both streams, control characters removed.
    case exited(code: Int32, output: String)
    /// Ended by a signal.
    case signalled(Int32, output: String)
    /// Killed by us when its time was over.
    case timedOut(output: String)
}

/// A command that could not be started.
package struct CommandFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence.
    package let explanation: String

    /// Memberwise.
    package init(_ explanation: String) { self.explanation = explanation }

    package var description: String { explanation }
}
