import FleetSimulation
import FoundationEssentials
import Glibc
import UpgradePorts
import UpgradeSystem

/// A program that runs beside us with its log in a file. Killed, with its children, when dropped.
final class RealProcess: Sendable {
    private static let longest: Duration = .seconds(24 * 3600)

    private let runner = LiveCommandRunner()
    private let id: CommandID
    private let log: String

    init(_ command: [String], log: String, environment: [String: String] = [:]) throws {
        self.log = log
        id = try runner.begin(
            Command(
                executable: "/bin/sh", arguments: ["-c", "exec \"$@\" >>\"$0\" 2>&1", log] + command, directory: "/",
                environment: LiveMachine.environment.merging(environment) { $1 }, timeout: RealProcess.longest))
    }

    deinit { end() }

    /// How it ended; nil while it runs.
    var ended: String? {
        switch runner.poll(id) {
        case .running: nil
        case .exited(let code, _): "it ended with \(code); \(lastWords)"
        case .signalled(let number, _): "it ended by signal \(number); \(lastWords)"
        case .timedOut: "its time was over"
        }
    }

    /// Waits for its end. Errors: any but success.
    func finish(_ what: String, within limit: Duration = .seconds(60)) throws {
        try Patience.wait("the end of \(what)", within: limit) { ended != nil }
        if case .exited(0, _) = runner.poll(id) { return }
        throw LiveFailure(.program, "\(what) did not work: \(ended ?? "")")
    }

    /// Kills the processes that it started, each with its whole group, and leaves it alone.
    func killChildren() { for child in children { kill(-child, SIGKILL) } }

    /// Kills it and what it started.
    func end() {
        guard let process = runner.process(id) else { return }
        // It must not start anything between the two looks.
        kill(process, SIGSTOP)
        let orphans = children
        runner.cancel(id)
        for orphan in orphans { kill(-orphan, SIGKILL) }
    }

    /// Each is the leader of its own session, and its parent has one thread.
    private var children: [pid_t] {
        guard let process = runner.process(id),
            let data = try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(process)/task/\(process)/children"))
        else { return [] }
        return String(decoding: data, as: UTF8.self).split(separator: " ").compactMap { pid_t($0) }
    }

    /// The end of its log.
    private var lastWords: String {
        let data = (try? Data(contentsOf: URL(fileURLWithPath: log))) ?? Data()
        let lines = String(decoding: data.suffix(4096), as: UTF8.self).split(separator: "\n").suffix(3)
        return "its last words: " + lines.joined(separator: " / ")
    }
}

/// Waiting for what must come.
enum Patience {
    private static let pause: Duration = .milliseconds(40)

    /// Looks again and again. Errors: it does not come in time.
    static func wait(_ what: String, within limit: Duration = .seconds(60), _ condition: () throws -> Bool) throws {
        let (bell, end) = (LiveThreads().makeBell(), ContinuousClock.now + limit)
        var last: (any Error)?
        while ContinuousClock.now < end {
            do { if try condition() { return } } catch { last = error }
            bell.wait(atMost: pause)
        }
        throw LiveFailure(.program, "\(what) did not come within \(limit)" + (last.map { "; last: \($0)" } ?? ""))
    }
}
