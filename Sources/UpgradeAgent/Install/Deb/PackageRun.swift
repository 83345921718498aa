import UpgradeModel
import UpgradePorts

/// Brings what lies beside the releases into one state, and again after any interruption: what dpkg left half done is finished first. Every
/// act is one operation of which any part may have happened. Source: architecture, "Install"; dpkg(1), "Package states".
struct PackageRun {
    /// What leads to the state, harmless when the state is there already.
    enum Act {
        case call(Command)
        case copy(Place, to: Place, ifPresent: Bool)
        case remove(Place)
        /// Asked so often until nothing is wrong.
        case ask(tries: Int, @Sendable () -> String?)
        /// Nobody knows any more what to do, and why.
        case lost(String)
    }

    private enum Running {
        case command(CommandID, Command)
        case copy(FileCopy)
    }

    /// With pauses: another package manager may hold the lock for a moment.
    private static let pause: Duration = .seconds(2)
    private static let look: Duration = .milliseconds(50)

    private let wanted: [Act]
    private let repair: Command?
    private let commands: any CommandRunner
    private let triesMax: Int
    private var preparation: Command?
    private var preparationsLeft = 30
    private var left: [Act]
    private var isRepairing = false
    private var running: Running?
    private var tries = 1

    /// - Parameters:
    ///   - wanted: in their order.
    ///   - preparation: a call of dpkg that comes first. It waits for a lock that somebody holds; what it says of packages is left to what follows.
    ///   - repair: what is called before another try.
    ///   - tries: how often all of it is tried.
    init(_ wanted: [Act], preparation: Command? = nil, repair: Command? = nil, tries: Int = 3, commands: any CommandRunner) {
        self.wanted = wanted
        self.preparation = preparation
        self.repair = repair
        self.commands = commands
        triesMax = tries
        left = wanted
    }

    /// Calls alone.
    init(_ wanted: [Command], repair: Command? = nil, commands: any CommandRunner) {
        self.init(wanted.map { .call($0) }, repair: repair, commands: commands)
    }

    /// Nil when the state is reached, otherwise one sentence.
    mutating func step() -> Step<String?> {
        switch running {
        case .command(let id, let command): return look(id, command)
        case .copy(let copy): return piece(of: copy)
        case nil: break
        }
        guard let act = preparation.map({ .call($0) }) ?? (isRepairing ? repair.map({ .call($0) }) : left.first) else { return .done(nil) }
        do {
            switch act {
            case .call(let command): running = .command(try commands.begin(command), command)
            case .copy(let from, let to, let ifPresent):
                if ifPresent, try from.tree.entry(from.path) == nil { left.removeFirst() } else { running = .copy(FileCopy(from, to: to)) }
            case .remove(let place):
                if try place.tree.entry(place.path) != nil {
                    try place.tree.removeIfPresent(place.path)
                    try place.tree.syncDirectory(place.path.parent)
                }
                left.removeFirst()
            case .ask(let tries, let question):
                if let trouble = question() {
                    guard tries > 1 else { return failed(trouble) }
                    left[0] = .ask(tries: tries - 1, question)
                    return .sleep(Self.pause)
                }
                left.removeFirst()
            case .lost(let why): return failed(why)
            }
            return .again
        } catch let error as CommandFailure {
            guard case .call(let command) = act else { return failed("\(error)") }
            return failed(command, "could not be started: \(error)", "")
        } catch {
            return failed("\(error)")
        }
    }

    private mutating func piece(of copy: FileCopy) -> Step<String?> {
        var copy = copy
        do {
            let isWhole = try copy.step()
            running = isWhole ? nil : .copy(copy)
            if isWhole { left.removeFirst() }
            return .again
        } catch {
            running = nil
            return failed("\(error)")
        }
    }

    private mutating func look(_ id: CommandID, _ command: Command) -> Step<String?> {
        let state = commands.poll(id)
        if state == .running { return .sleep(Self.look) }
        running = nil
        if preparation != nil { return prepared(state) }
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

    /// dpkg's exit 2 is that it could not begin. Source: dpkg(1), "Exit status".
    private mutating func prepared(_ state: CommandState) -> Step<String?> {
        if case .exited(2, _) = state, preparationsLeft > 1 {
            preparationsLeft -= 1
            return .sleep(Self.pause)
        }
        preparation = nil
        return .again
    }

    private mutating func failed(_ command: Command, _ how: String, _ output: String) -> Step<String?> {
        let heard = output.count > 300 ? "… \(output.suffix(300))" : output
        let what = ([command.executable] + command.arguments).joined(separator: " ")
        return failed("\(what) \(how)\(heard.isEmpty ? "" : " (\(heard))")")
    }

    private mutating func failed(_ trouble: String) -> Step<String?> {
        guard tries < triesMax else { return .done(trouble) }
        tries += 1
        left = wanted
        isRepairing = repair != nil
        return .sleep(Self.pause)
    }
}
