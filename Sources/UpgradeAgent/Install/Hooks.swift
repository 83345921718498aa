import UpgradeModel
import UpgradePorts

/// Where the hooks of a node come from, and where what they said is kept until the agent takes it in.
package struct Hooks: Sendable {
    /// The state folder's tree.
    let tree: any FileTree
    /// Its absolute path.
    let stateFolder: String
    let runner: any CommandRunner
    let clock: any Clock
    let settings: HookSettings

    private static let linesMax = 64

    /// The operator's scripts first, then the command of the release, as one run.
    /// - Parameters:
    ///   - release: whose command it is, in whose software folder it runs.
    ///   - descriptor: what that release says of itself; nil = only the operator's scripts.
    func run(_ event: HookEvent, ticket: Ticket, release: Int, descriptor: PackageDescriptor?) -> HookRun {
        func command(_ program: String, _ arguments: [String]) -> Command {
            self.command(program, arguments, ticket, release, ["UPLIFT_HOOK": event.rawValue])
        }
        do {
            var commands = try settings.scripts(event).map { command($0, []) }
            if let words = descriptor?.hooks[event], let program = words.first {
                commands.append(command(software(release) + "/" + program, Array(words.dropFirst())))
            }
            return HookRun("the \(event.rawValue) hook", commands, time: settings.time, runner: runner, clock: clock)
        } catch {
            return HookRun(refused: "the \(event.rawValue) hooks are not believed: \(error)", runner: runner, clock: clock)
        }
    }

    /// One try of one of the operator's probes, while this release runs.
    func probe(_ program: String, ticket: Ticket, release: Int) -> HookRun {
        HookRun(
            "the health probe", [command(program, [], ticket, release, [:])], time: settings.probeTime, runner: runner, clock: clock)
    }

    private func software(_ release: Int) -> String { stateFolder + "/" + Layout.software(release).text }

    private func command(
        _ program: String, _ arguments: [String], _ ticket: Ticket, _ release: Int, _ more: [String: String]
    ) -> Command {
        let about = ["UPLIFT_JOB": ticket.text, "UPLIFT_RELEASE": String(release)]
        let environment = settings.environment.merging(about) { $1 }.merging(more) { $1 }
        return Command(
            executable: program, arguments: arguments, directory: software(release), environment: environment, timeout: settings.time)
    }

    /// Keeps what hooks said in the job's folder. Nobody's upgrade fails for that.
    func keep(_ report: HookRun.Report, of ticket: Ticket) {
        guard !report.lines.isEmpty else { return }
        let lines = HookLog.lines(ticket, in: tree) + report.lines
        for folder in [Layout.jobs, Layout.job(ticket)] { try? tree.ensureDirectory(folder, mode: 0o700) }
        try? tree.replace(
            Layout.hookLog(ticket), with: Array((lines.suffix(Self.linesMax).joined(separator: "\n") + "\n").utf8), mode: 0o600)
    }
}

/// What the hooks of a job said, one line each.
enum HookLog {
    /// The lines so far; none when there is nothing to read.
    static func lines(_ ticket: Ticket, in tree: any FileTree) -> [String] {
        let text = (try? tree.text(Layout.hookLog(ticket))) ?? nil
        return (text ?? "").split(separator: "\n").map(String.init)
    }
}

/// What hooks and health probes are run with.
package struct HookSettings: Sendable {
    /// Absolute paths of the operator's scripts, in order. Errors: one that others than root and the own user may change.
    package var scripts: @Sendable (HookEvent) throws -> [String]
    /// What all hooks of one moment have together.
    package var time: Duration
    /// Absolute paths of the operator's health probes, in order. Errors: as those of `scripts`.
    package var probes: @Sendable () throws -> [String] = { [] }
    /// What one try of a health probe has.
    package var probeTime: Duration = .seconds(30)
    /// Environment of all of them.
    package var environment: [String: String]

    /// Memberwise.
    package init(scripts: @escaping @Sendable (HookEvent) throws -> [String], time: Duration, environment: [String: String]) {
        self.scripts = scripts
        self.time = time
        self.environment = environment
    }

    /// Nobody has put any script there.
    package static let none = HookSettings(scripts: { _ in [] }, time: .seconds(120), environment: [:])
}
