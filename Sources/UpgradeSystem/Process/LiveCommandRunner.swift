import Glibc
import Synchronization
import UpgradePorts

/// Runs the commands of packages as processes of their own session, with nothing to read and nothing of ours open.
package final class LiveCommandRunner: CommandRunner {
    private struct State {
        var commands: [CommandID: RunningCommand] = [:]
        var next = 0
    }

    private let state = Mutex(State())
    private let threads: any Threads

    /// Watches each command on a thread of its own.
    package init(threads: any Threads = LiveThreads()) { self.threads = threads }

    deinit { for command in state.withLock({ $0.commands.values }) { command.kill() } }

    package func begin(_ command: Command) throws(CommandFailure) -> CommandID {
        let running: RunningCommand
        do throws(SystemError) {
            running = try RunningCommand(command)
        } catch {
            throw CommandFailure(
                "cannot start \(command.executable) in \(command.directory): \(error.reason); "
                    + "expected an executable file by its absolute path"
            )
        }
        threads.start("command") { running.watch() }
        return state.withLock { state in
            state.next += 1
            let id = CommandID(number: state.next)
            state.commands[id] = running
            return id
        }
    }

    /// The process of a command that runs, which leads its group and session; nil when it has ended.
    package func process(_ id: CommandID) -> Int32? { state.withLock { $0.commands[id] }?.process }

    package func poll(_ id: CommandID) -> CommandState {
        // One that was cancelled was killed.
        state.withLock { $0.commands[id] }?.state ?? .signalled(SIGKILL, output: "")
    }

    package func cancel(_ id: CommandID) { state.withLock { $0.commands.removeValue(forKey: id) }?.kill() }
}
