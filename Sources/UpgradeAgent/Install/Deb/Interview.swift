import UpgradeModel
import UpgradePorts

/// Straight code that asks commands, made fit for steps: after each answer it runs again from its top, and finds what it asked and did before.
/// Nothing waits inside it, so a simulator can run it too.
struct Interview {
    /// How a command ended.
    enum Answer: Hashable {
        case said(String)
        case failed(String)

        /// What it said. Errors: that it failed.
        func text() throws -> String {
            switch self {
            case .said(let text): text
            case .failed(let why): throw ReleaseError(why)
            }
        }
    }

    private struct Pending: Error {
        let command: Command
    }

    private static let look: Duration = .milliseconds(20)

    private let commands: any CommandRunner
    private var answers: [Command: Answer] = [:]
    private var done: Set<String> = []
    private var running: (id: CommandID, command: Command)?

    init(commands: any CommandRunner) { self.commands = commands }

    /// The answer, if it is known; otherwise the code is left here until it is.
    func ask(_ command: Command) throws -> Answer {
        guard let answer = answers[command] else { throw Pending(command: command) }
        return answer
    }

    /// An effect that happens once, however often the code runs.
    mutating func once(_ name: String, _ body: () throws -> Void) throws {
        if done.contains(name) { return }
        try body()
        done.insert(name)
    }

    /// Runs the code a piece further.
    mutating func step<Value: Sendable>(_ code: (inout Interview) throws -> Value) throws -> Step<Value> {
        if let (id, command) = running {
            guard let answer = Self.answer(of: commands.poll(id), command) else { return .sleep(Self.look) }
            answers[command] = answer
            running = nil
        }
        do {
            return .done(try code(&self))
        } catch let pending as Pending {
            do {
                running = (try commands.begin(pending.command), pending.command)
            } catch {
                answers[pending.command] = .failed("\(error)")
            }
            return .again
        }
    }

    private static func answer(of state: CommandState, _ command: Command) -> Answer? {
        let name = ([command.executable] + command.arguments).joined(separator: " ")
        switch state {
        case .running: return nil
        case .exited(0, let output): return .said(output)
        case .exited(let code, let output): return .failed("\(name): exit \(code) (\(output))")
        case .signalled(let signal, _): return .failed("\(name): signal \(signal)")
        case .timedOut: return .failed("\(name): no answer in time")
        }
    }
}
