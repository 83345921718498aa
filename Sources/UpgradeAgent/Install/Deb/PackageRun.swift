import UpgradeModel
import UpgradePorts

/// Brings the node's packages into one state with dpkg, and again after any interruption: what dpkg left half done is finished first. Every
/// call is one operation of which any part may have happened. Source: architecture, "Install"; dpkg(1), "Package states".
struct PackageRun {
    /// Tries, with pauses: another package manager may hold the lock for a moment.
    private static let triesMax = 3
    private static let pause: Duration = .seconds(2)
    private static let look: Duration = .milliseconds(50)

    private let wanted: [Command]
    private let repair: Command?
    private let commands: any CommandRunner
    private var left: [Command]
    private var isRepairing = false
    private var running: (id: CommandID, command: Command)?
    private var tries = 1

    /// - Parameters:
    ///   - wanted: calls that lead to the state, each harmless when the state is there already.
    ///   - repair: what is called before another try.
    init(_ wanted: [Command], repair: Command? = nil, commands: any CommandRunner) {
        self.wanted = wanted
        self.repair = repair
        self.commands = commands
        left = wanted
    }

    /// Nil when the state is reached, otherwise one sentence.
    mutating func step() -> Step<String?> {
        if let (id, command) = running { return look(id, command) }
        guard let command = isRepairing ? repair : left.first else { return .done(nil) }
        do {
            running = (try commands.begin(command), command)
            return .again
        } catch {
            return failed(command, "could not be started: \(error)", "")
        }
    }

    private mutating func look(_ id: CommandID, _ command: Command) -> Step<String?> {
        let state = commands.poll(id)
        if state == .running { return .sleep(Self.look) }
        running = nil
        switch state {
        case .running: return .again
        case .exited(let code, _) where code == 0 || isRepairing:
            // A repair that fails may be about what the next call replaces.
            if isRepairing { isRepairing = false } else { left.removeFirst() }
            return .again
        case .exited(let code, let output):
            return failed(command, "failed: exit \(code)", output)
        case .signalled(let signal, let output): return failed(command, "failed: signal \(signal)", output)
        case .timedOut(let output): return failed(command, "did not end in time", output)
        }
    }

    private mutating func failed(_ command: Command, _ how: String, _ output: String) -> Step<String?> {
        guard tries < Self.triesMax else {
            let heard = output.count > 300 ? "… \(output.suffix(300))" : output
            let what = ([command.executable] + command.arguments).joined(separator: " ")
            return .done("\(what) \(how)\(heard.isEmpty ? "" : " (\(heard))")")
        }
        tries += 1
        left = wanted
        isRepairing = repair != nil
        return .sleep(Self.pause)
    }
}
