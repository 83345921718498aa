import FleetSimulation
import UpgradePorts

/// Everything outside that a command may touch, handed in by the executable, and by tests with fakes.
///
/// Files that the user names are the exception: commands open them themselves (`UserFile`).
package struct CommandWorld: Sendable {
    /// Calls to the hub and to the agent.
    package var http: any HTTPCaller
    /// Key pairs and signatures.
    package var keys: any KeyMaker
    /// A fresh running SHA-256.
    package var makeDigest: @Sendable () -> any RunningDigest
    /// The process environment.
    package var environment: [String: String]
    /// The machine's name for its processor, as `uname -m` says it.
    package var machine: String
    /// Standard output.
    package var write: @Sendable (String) -> Void
    /// Standard error.
    package var writeError: @Sendable (String) -> Void
    /// The next line of standard input without its end; nil at the end of input.
    package var readLine: @Sendable () -> String?
    /// Whether somebody watches standard error, so that progress may be shown there.
    package var isWatched: Bool
    /// Lets this time pass; false = it is to end instead.
    package var pause: @Sendable (Duration) -> Bool = { _ in false }
    /// Runs a scenario with the true programs; nil = nobody can here.
    package var runForReal: (@Sendable (Scenario, _ seed: UInt64) throws -> Verdict)?
    /// Lets a scenario's nodes drive a true hub; nil = nobody can here.
    package var runAgainst: (@Sendable (LoadOrder, _ told: @escaping (LoadProgress) -> Void) throws -> LoadReport)?

    /// Memberwise.
    package init(
        http: any HTTPCaller, keys: any KeyMaker, makeDigest: @escaping @Sendable () -> any RunningDigest, environment: [String: String],
        machine: String, write: @escaping @Sendable (String) -> Void, writeError: @escaping @Sendable (String) -> Void,
        readLine: @escaping @Sendable () -> String?, isWatched: Bool = false
    ) {
        self.http = http
        self.keys = keys
        self.makeDigest = makeDigest
        self.environment = environment
        self.machine = machine
        self.write = write
        self.writeError = writeError
        self.readLine = readLine
        self.isWatched = isWatched
    }
}

extension CommandWorld {
    /// One line of output.
    func say(_ line: String) { write(line + "\n") }

    /// One line beside the output, so that scripts that read the output are not disturbed.
    func note(_ line: String) { writeError("Note: " + line + "\n") }

    /// Asks before something is taken away; false after saying so. Source: contract 6.1.
    func confirms(_ question: String) -> Bool {
        write(question + " [y/N]: ")
        if let answer = readLine(), answer == "y" || answer == "Y" { return true }
        say("Exiting.")
        return false
    }

    /// The processor in the words of the hub. Source: contract 1.2 (`arch`).
    var architecture: String {
        switch machine {
        case "x86_64": "amd64"
        case "aarch64": "arm64"
        case "armv6l", "armv7l", "armv8l": "arm"
        default: machine
        }
    }
}
