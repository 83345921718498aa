import Glibc
import Synchronization
import UpgradePorts

/// One started command, and the thread's view of it: output is drained and the time is kept even when nobody asks.
final class RunningCommand: Sendable {
    private struct Progress {
        var state = CommandState.running
        var isReaped = false
    }

    private let child: ChildProcess
    private let output: Descriptor
    private let deadline: Duration
    private let progress = Mutex(Progress())

    init(_ command: Command) throws(SystemError) {
        let nothing = Descriptor(owning: try retrying { open("/dev/null", O_RDONLY | O_CLOEXEC) })
        let pipe = try Spawn.pipe()
        output = pipe.reading
        _ = try output.use { number throws(SystemError) in try retrying { fcntl(number, F_SETFL, O_NONBLOCK) } }
        deadline = Monotonic.now() + command.timeout
        // Nobody would ask for its result any more, and its successor would meet it.
        child = try ChildProcess(
            Spawn.Request(
                command: [command.executable] + command.arguments, environment: command.environment, directory: command.directory,
                input: nothing, output: pipe.writing, diesWithUs: true))
    }

    /// Where it is now.
    var state: CommandState { progress.withLock { $0.state } }

    /// Its process, while the number is its own.
    var process: pid_t? { progress.withLock { $0.isReaped ? nil : child.pid } }

    /// Kills the whole group, unless its number may already be somebody else's.
    func kill() { progress.withLock { if !$0.isReaped { child.killGroup() } } }

    /// Follows the command to its end.
    func watch() {
        var tail = OutputTail()
        var limit: Duration? = deadline
        var isOpen = true
        while !finish(&tail) {
            wait(isOpen: isOpen, until: limit)
            if isOpen { isOpen = drain(into: &tail) }
            if let end = limit, Monotonic.now() >= end {
                limit = nil
                stop(tail)
            }
        }
    }

    /// The time is over. It counts as timed out at once, because a process that hangs in the kernel may take long to die.
    private func stop(_ tail: OutputTail) {
        progress.withLock { progress in
            guard !progress.isReaped else { return }
            child.killGroup()
            progress.state = .timedOut(output: tail.text)
        }
    }

    /// True when it has ended; its state is final then.
    private func finish(_ tail: inout OutputTail) -> Bool {
        progress.withLock { progress in
            guard let end = child.reap() else { return false }
            progress.isReaped = true
            _ = drain(into: &tail)
            guard progress.state == .running else { return true }
            switch end {
            case .exit(let code): progress.state = .exited(code: code, output: tail.text)
            case .signal(let number): progress.state = .signalled(number, output: tail.text)
            }
            return true
        }
    }

    private func wait(isOpen: Bool, until limit: Duration?) {
        child.ended.use { ended in
            output.use { output in
                var waited = [
                    pollfd(fd: ended, events: Int16(POLLIN), revents: 0),
                    pollfd(fd: isOpen ? output : -1, events: Int16(POLLIN), revents: 0),
                ]
                _ = poll(&waited, 2, Monotonic.pollTimeout(until: limit, now: Monotonic.now()))
            }
        }
    }

    /// Takes what is there, but not for ever: a command that never stops talking must not keep the time from being kept. False at the end.
    private func drain(into tail: inout OutputTail) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        for _ in 0..<64 {
            let count = output.use { read($0, &buffer, buffer.count) }
            if count == 0 { return false }
            if count < 0 { return errno == EAGAIN || errno == EINTR }
            tail.append(buffer[..<count])
        }
        return true
    }
}
