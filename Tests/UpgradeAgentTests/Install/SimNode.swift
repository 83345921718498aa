import Synchronization
import Testing
import UpgradeAgent
import UpgradeArchive
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// Everything of a simulated node at one moment.
struct NodeImage: Hashable, Sendable {
    var disk: SimDisk
    var agent: SimAgent.Image
    var now: UTCInstant
    var sinceBoot: Duration
    /// Databases: what was seen at starts, and what was wrong about it.
    var wrongs: [String] = []
    /// What the agent of each release has committed; none where a test is about the installer alone.
    var memories: [Int: SimMemory] = [:]
    /// What the agent read last in the journal.
    var lastReading: JournalReading?
    /// Whether the service of an agent beside us runs.
    var neighbourRuns = true

    /// Nobody has electricity for a while.
    var afterPowerCut: NodeImage { afterPowerCut(losing: .nothing) }

    /// The installer is gone, and everything else lives on.
    var afterKill: NodeImage {
        var image = self
        image.disk.closeAll()
        return image
    }

    func afterPowerCut(losing loss: PowerCutLoss) -> NodeImage {
        var image = self
        image.disk = disk.afterPowerCut(losing: loss)
        image.agent.process = nil
        image.agent.last = nil
        // Systemd starts it at the boot.
        image.neighbourRuns = true
        // It comes back at a full minute, so that nodes which differ in the moment of the cut alone go on as one.
        image.now = UTCInstant(secondsSinceEpoch: (now.secondsSinceEpoch / 60 + 2) * 60)
        image.sinceBoot = .seconds(5)
        return image
    }
}

/// A node with a supervisor, an agent and an installer, all in this process and on a clock that moves by hand.
final class SimNode: Sendable {
    let scenario: Scenario
    let inner: SimFileTree
    let tree: FaultyTree
    let minds: SimMinds
    let clock: SimClock
    let agent: SimAgent
    let commands: SimCommands
    let horizon: SimHorizon
    let ports: InstallPorts

    /// - Parameter seen: the disk as the installer sees it; a test may hand in one that forgets something.
    init(_ scenario: Scenario, _ image: NodeImage, seen: (FaultyTree) -> any FileTree = { $0 }) throws {
        let (inner, clock) = (SimFileTree(image.disk), SimClock(now: image.now, sinceBoot: image.sinceBoot))
        let tree = FaultyTree(inner)
        let wrongs = Shared(image.wrongs)
        let minds = SimMinds(image, tree: tree, clock: clock, wrongs: wrongs)
        let isUp: @Sendable () -> Bool = { scenario.hub(clock.now().duration(since: Fixture.start)) }
        let answer: @Sendable (Bool) -> ProbeResult = { ProbeResult(succeeded: $0, reason: $0 ? "" : "no connection") }
        let agent = SimAgent(
            clock: clock, image: image.agent, load: { SimNode.program(scenario, inner, $0) },
            hub: { answer(isUp() && ($0.release == 1 || scenario.sickness != .hubFails)) },
            happened: {
                SimNode.writeDatabase($0, inner, wrongs)
                if case .started(let program) = $0 { minds.look(program.release) }
            })
        let dpkg = SimDpkg(tree)
        let horizon = SimHorizon(tree, dpkg, runs: image.neighbourRuns, isHubUp: isUp)
        let commands = SimCommands(clock: clock) { command, _ in
            if command.executable == "/usr/bin/dpkg" { return dpkg.run(command) }
            if let outcome = horizon.run(command) { return outcome }
            if command.executable.hasPrefix(SimNode.probeFolder) {
                let release = command.environment["UPLIFT_RELEASE"].flatMap { Int($0) } ?? 0
                return scenario.probes[String(command.executable.dropFirst(SimNode.probeFolder.count))]?(release) ?? .missing
            }
            let event = command.environment["UPLIFT_HOOK"].flatMap { HookEvent(rawValue: $0) }
            return event.flatMap { scenario.hook?($0) } ?? SimNode.health(scenario.sickness)
        }
        let settings = InstallSettings(
            stateFolder: "/node", architecture: "amd64", trialDeadline: .seconds(30), probePause: .seconds(2), environment: [:])
        var ports = InstallPorts(
            tree: seen(tree), archive: LibArchiveReader(), trust: try Publisher.shared.get().trust,
            databases: TreeDatabases(tree: tree, copied: { minds.copy($0, to: $1) }),
            service: agent, contact: agent, prober: SimProber { _ in answer(isUp()) }, commands: commands, clock: clock,
            settings: settings, observer: { SimNode.judge($0, agent, wrongs) })
        if scenario.strategy == .script { ports.horizon = horizon.agent(seen: seen(tree)) }
        if scenario.hook != nil { ports.hookSettings.scripts = { ["/etc/uplift/hooks.d/\($0.rawValue)/a"] } }
        ports.hookSettings.probes = { scenario.probes.keys.sorted().map { SimNode.probeFolder + $0 } }
        self.ports = ports
        (self.scenario, self.inner, self.tree, self.clock, self.agent, self.commands) = (scenario, inner, tree, clock, agent, commands)
        (self.minds, self.horizon) = (minds, horizon)
        shared = wrongs
    }

    private static let probeFolder = "/etc/uplift/health.d/"
    private let shared: Shared<[String]>

    var image: NodeImage {
        NodeImage(
            disk: inner.disk, agent: agent.image, now: clock.now(), sinceBoot: clock.sinceBoot(), wrongs: shared.value,
            memories: minds.memories, lastReading: minds.lastReading, neighbourRuns: horizon.isRunning)
    }

    var reading: JournalReading? { try? Journal.look(Layout.journal(Fixture.ticket), in: inner) }
    var records: [JournalRecord.Step] { (reading?.records ?? []).map(\.step) }
    var wrong: [String] { shared.value + agent.image.mistakes }

    // MARK: What the node does

    /// The supervisor's loop: an installer until its last word, then the agent. `after` sees the node after every step.
    func run(limit: Int = 4000, after: (SimNode) throws -> Void = { _ in }) throws {
        var installer = Installer(ticket: Fixture.ticket, ports: ports)
        for _ in 0..<limit {
            let step: Step<Void>?
            do { step = try installer.step() } catch {
                step = nil
                installer = Installer(ticket: Fixture.ticket, ports: ports)
                clock.advance(by: .seconds(1))
            }
            if case .sleep(let time)? = step { clock.advance(by: time) } else { clock.advance(by: .milliseconds(1)) }
            if case .done? = step {
                if reading?.isFinal != false || reading?.records.isEmpty != false {
                    keepAgentRunning()
                    return
                }
                installer = Installer(ticket: Fixture.ticket, ports: ports)
            }
            try after(self)
        }
        throw TooManySteps()
    }

    /// The same, but nobody goes on once the records are as wanted.
    func run(until isThere: ([JournalRecord.Step]) -> Bool) throws {
        do {
            try run { if isThere($0.records) { throw Reached() } }
            Issue.record("the installer came to its end before")
        } catch is Reached {}
    }

    private struct Reached: Error {}

    /// The supervisor starts an agent that ended again and again.
    func keepAgentRunning() {
        for _ in 0..<10 {
            try? agent.startAgent()
            clock.advance(by: .seconds(1))
            if agent.image.process != nil { return }
        }
    }

    /// As a handed-over job finds the node: the agent of release 1 runs.
    func boot() {
        try? agent.startAgent()
        clock.advance(by: .seconds(1))
    }

    // MARK: How its parts behave

    private static func program(_ scenario: Scenario, _ tree: SimFileTree, _ starts: [Int: Int]) -> SimProgram? {
        guard let number = try? tree.release(at: Layout.current), let facts = try? ReleaseFacts.read(number, in: tree) else { return nil }
        let open = try? OpenJobs(tree: tree).unfinished()
        let isTrial = open.map { $0.reading.isBeyondSwitch && $0.reading.releases?.new == number } ?? false
        var program = SimProgram(release: number, version: facts.software, ticket: isTrial ? Fixture.ticket.text : nil)
        if number == 1 { comeBack(scenario.comeback, starts[1] ?? 0, &program) } else { sicken(scenario, starts[number] ?? 0, &program) }
        return program
    }

    private static func comeBack(_ comeback: Scenario.Comeback, _ starts: Int, _ program: inout SimProgram) {
        guard starts > 0 else { return }
        switch comeback {
        case .atOnce: break
        case .exits(let times): program.exitsAtOnce = starts <= times
        case .hangs(let times): if starts <= times { program.readyAfter = nil }
        case .cannotStart(let times): program.cannotStart = starts <= times
        }
    }

    private static func sicken(_ scenario: Scenario, _ starts: Int, _ program: inout SimProgram) {
        program.cannotStart = starts < scenario.refusals
        switch scenario.sickness {
        case .exitsAtOnce: program.exitsAtOnce = true
        case .hangs: program.readyAfter = nil
        case .wrongVersion: program.version = "9.9.9"
        case .otherBoot: program.otherBoot = true
        case .forgetsTrial: program.ticket = nil
        case .databaseDamaged: program.databaseTrouble = "damaged"
        // Dead before the health command, which takes a second, has ended.
        case .diesLater: program.diesAfter = .milliseconds(700)
        case .cannotStart: program.cannotStart = true
        case .vanishes: if starts == 0 { program.diesAfter = .milliseconds(700) } else { program.cannotStart = true }
        case .tcpFails: program.answersOverTCP = false
        case .none, .healthFails, .healthHangs, .healthDies, .healthMissing, .hubFails: break
        }
    }

    private static func health(_ sickness: Scenario.Sickness) -> SimCommands.Outcome {
        switch sickness {
        case .healthFails: .exits(7, after: .milliseconds(50))
        case .healthHangs: .hangs
        case .healthDies: .dies(11)
        case .healthMissing: .missing
        default: .exits(0, after: .seconds(1))
        }
    }

    /// Every start and every orderly end of an agent changes the database of its release, as a real one does.
    private static func writeDatabase(_ happening: SimAgent.Happening, _ tree: SimFileTree, _ wrongs: Shared<[String]>) {
        switch happening {
        case .started(let program):
            let isGoingBack = (try? Journal.look(Layout.journal(Fixture.ticket), in: tree))?.firstCause.isEmpty == false
            if program.release == 2, isGoingBack { wrongs.add("release 2 was started after rollback-intended") }
            let (own, others) = (count(program.release, tree), count(1, tree))
            if program.release == 2, own < 1000, own != others {
                wrongs.add("release 2 began with a database of \(own) writes, the old release had made \(others)")
            }
            // From its first start on the new release's database is its own.
            write(program.release == 2 ? max(own, 1000) + 1 : own + 1, program.release, tree)
        case .ended(let program): write(count(program.release, tree) + 1, program.release, tree)
        }
    }

    private static func count(_ release: Int, _ tree: SimFileTree) -> Int {
        guard let bytes = try? tree.contents(Layout.database(release)) else { return -1 }
        return Int(String(decoding: bytes, as: UTF8.self)) ?? -1
    }

    private static func write(_ count: Int, _ release: Int, _ tree: SimFileTree) {
        guard let file = try? tree.open(Layout.database(release), for: .writing) else { return }
        try? file.write(Array("\(count)".utf8), at: 0)
        // A commit is durable.
        try? file.sync()
    }

    /// Nothing is committed that did not answer in this boot.
    private static func judge(_ record: JournalRecord, _ agent: SimAgent, _ wrongs: Shared<[String]>) {
        guard record.step == .commitIntended, (try? agent.evidence())?.release != 2 else { return }
        wrongs.add("release 2 is to be committed and does not answer")
    }
}

/// A value that closures share.
final class Shared<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    init(_ value: Value) { state = Mutex(value) }

    var value: Value { state.withLock { $0 } }

    func change(_ body: (inout Value) -> Void) { state.withLock { body(&$0) } }
}

extension Shared where Value == [String] {
    func add(_ text: String) { change { $0.append(text) } }
}
