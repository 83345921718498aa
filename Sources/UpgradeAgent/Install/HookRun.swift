import UpgradeModel
import UpgradePorts

/// Runs the commands of one moment of an upgrade, one after the other. Exit 21 means "not now": the command is run again after a pause, within
/// the tries and the time that all of them have together. A stepper: a command that hangs keeps nobody else from anything.
package struct HookRun {
    /// Exit code by which a command asks to be run again.
    package static let retryCode: Int32 = 21
    /// Runs of one command, the first included.
    package static let triesMax = 5
    private static let pause: Duration = .seconds(2)
    private static let look: Duration = .milliseconds(100)

    /// How the commands ended.
    package struct Report: Hashable, Sendable {
        /// One sentence; nil when every command ended well.
        package var failure: String?
        /// A line for each command that was run, with what it said.
        package var lines: [String] = []
        /// How the last of them ended, and what it said.
        package var said = ""
    }

    private enum Phase {
        case next
        case running(CommandID, tries: Int)
        case pausing(tries: Int)
        case refused(String)
    }

    private let title: String
    private let runner: any CommandRunner
    private let clock: any Clock
    private let deadline: Duration
    private var waiting: [Command]
    private var phase = Phase.next
    private var report = Report()

    /// - Parameters:
    ///   - title: what they are, as sentences begin.
    ///   - commands: in their order; the timeout of each is set here.
    ///   - time: what all of them have together, retries included.
    package init(_ title: String, _ commands: [Command], time: Duration, runner: any CommandRunner, clock: any Clock) {
        self.title = title
        self.runner = runner
        self.clock = clock
        waiting = commands
        deadline = clock.sinceBoot() + time
    }

    /// Runs nothing: the scripts are not to be believed, and why.
    package init(refused reason: String, runner: any CommandRunner, clock: any Clock) {
        self.init("", [], time: .zero, runner: runner, clock: clock)
        phase = .refused(reason)
    }

    /// One look at the present command.
    package mutating func step() -> Step<Report> {
        switch phase {
        case .refused(let reason): return .done(Report(failure: reason, lines: [reason]))
        case .next: return begin(tries: 0)
        case .pausing(let tries): return begin(tries: tries)
        case .running(let id, let tries): return watch(id, tries)
        }
    }

    /// Ends what runs; nobody asks for its outcome any more.
    package func stop() {
        if case .running(let id, _) = phase { runner.cancel(id) }
    }

    private mutating func begin(tries: Int) -> Step<Report> {
        guard var command = waiting.first else { return .done(report) }
        let left = deadline - clock.sinceBoot()
        guard left > .zero else { return failed("did not come to its end in time", "") }
        command.timeout = left
        do {
            phase = .running(try runner.begin(command), tries: tries + 1)
            return .again
        } catch {
            return failed("could not be started: \(error)", "")
        }
    }

    private mutating func watch(_ id: CommandID, _ tries: Int) -> Step<Report> {
        switch runner.poll(id) {
        case .running: return .sleep(Self.look)
        case .exited(0, let output):
            note("ended well", output)
            waiting.removeFirst()
            phase = .next
            return .again
        case .exited(Self.retryCode, let output):
            guard tries < Self.triesMax else { return failed("asked \(tries) times to be run again (exit \(Self.retryCode))", output) }
            note("asked to be run again", output)
            phase = .pausing(tries: tries)
            return .sleep(max(min(Self.pause, deadline - clock.sinceBoot()), .milliseconds(1)))
        case .exited(let code, let output): return failed("failed: exit \(code)", output)
        case .signalled(let signal, let output): return failed("failed: signal \(signal)", output)
        case .timedOut(let output): return failed("did not come to its end in time", output)
        }
    }

    private mutating func failed(_ how: String, _ output: String) -> Step<Report> {
        note(how, output)
        report.failure = report.lines.last
        return .done(report)
    }

    /// What a command said, as it stands behind a sentence.
    static func heard(_ output: String) -> String {
        // The cause stands in the first line as often as in the last.
        let heard = output.count > 200 ? "\(output.prefix(100)) … \(output.suffix(100))" : output
        return heard.isEmpty ? "" : " (\(heard))"
    }

    private mutating func note(_ how: String, _ output: String) {
        let name = waiting.first.map { ([$0.executable] + $0.arguments).joined(separator: " ") } ?? ""
        report.said = how + Self.heard(output)
        report.lines.append("\(title) \(VisibleText.escaping(name)) \(report.said)")
    }
}
