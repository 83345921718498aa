import Synchronization
import UpgradeModel
import UpgradePorts

/// Commands that end as told, after a time on a clock that moves by hand.
package final class SimCommands: CommandRunner {
    /// What a command does.
    package enum Outcome: Hashable, Sendable {
        /// It ends with this code after this long.
        case exits(Int32, after: Duration)
        /// It says this and ends well at once.
        case says(String)
        /// It ends by this signal at once.
        case dies(Int32)
        /// It never ends by itself.
        case hangs
        /// It cannot be started.
        case missing
    }

    private struct Running {
        let command: Command
        let started: Duration
        let outcome: Outcome
    }

    private struct State {
        var begun: [Command] = []
        var running: [CommandID: Running] = [:]
    }

    private let clock: any Clock
    private let decide: @Sendable (Command, Int) -> Outcome
    private let state = Mutex(State())

    /// - Parameter decide: what the n-th command (1 is the first) does.
    package init(clock: any Clock, decide: @escaping @Sendable (Command, Int) -> Outcome = { _, _ in .exits(0, after: .zero) }) {
        self.clock = clock
        self.decide = decide
    }

    /// Every command that was begun, in order.
    package var begun: [Command] { state.withLock { $0.begun } }

    package func begin(_ command: Command) throws(CommandFailure) -> CommandID {
        let number = state.withLock { state in
            state.begun.append(command)
            return state.begun.count
        }
        let outcome = decide(command, number)
        if outcome == .missing { throw CommandFailure("cannot start \(command.executable): no such file") }
        let id = CommandID(number: number)
        state.withLock { $0.running[id] = Running(command: command, started: clock.sinceBoot(), outcome: outcome) }
        return id
    }

    package func poll(_ id: CommandID) -> CommandState {
        guard let running = state.withLock({ $0.running[id] }) else { return .signalled(9, output: "") }
        let time = clock.sinceBoot() - running.started
        switch running.outcome {
        case .exits(let code, let after) where time >= after: return .exited(code: code, output: code == 0 ? "" : "not healthy")
        case .says(let text): return .exited(code: 0, output: text)
        case .dies(let signal): return .signalled(signal, output: "")
        case .exits, .hangs, .missing: return time >= running.command.timeout ? .timedOut(output: "still waiting") : .running
        }
    }

    package func cancel(_ id: CommandID) { state.withLock { $0.running[id] = nil } }
}
