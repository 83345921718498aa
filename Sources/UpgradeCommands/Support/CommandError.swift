/// What the shell sees. Source: contract 6.1.
package enum ExitStatus: Int32, Sendable {
    /// Wrong input or usage, and whatever the user can put right in the command.
    case usage = 1
    /// A document that is not the JSON, or the YAML, that it should be.
    case json = 3
    /// A file that cannot be read or written.
    case file = 4
    /// No answer, or one that is no success.
    case http = 5
    /// Anything else.
    case general = 7
    /// What was asked for does not exist.
    case notFound = 8
    /// No key, or a signature that cannot be made.
    case signature = 9
    /// A simulated fleet ended otherwise than expected.
    case wrongResult = 20
    /// In a simulated fleet was what must never be.
    case brokenInvariant = 21
    /// A simulated fleet did not come to rest.
    case noProgress = 22
    /// Our own mistake.
    case bug = 99
}

/// Why a command ended without doing what it was asked; only the runner turns it into text and exit code.
package struct CommandError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the shell sees.
    package let status: ExitStatus
    /// What was tried, found and expected, and what to do; without `Error: `.
    package let text: String

    package var description: String { text }

    /// Memberwise.
    package init(_ status: ExitStatus, _ text: String) {
        self.status = status
        self.text = text
    }

    /// The same failure with what the user should know besides.
    func adding(_ more: String) -> CommandError { CommandError(status, text + "\n" + more) }
}
