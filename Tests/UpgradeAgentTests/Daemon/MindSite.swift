import Logging
import Synchronization
import UpgradeArchive
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation
import UpgradeTrust

@testable import UpgradeAgent

/// A mind in memory, on no thread of its own: whenever it would sleep, that time passes at once. The node is not registered, so every plan
/// fails at once in a way that may pass.
final class MindSite: Sendable {
    let tree: SimFileTree
    let clock: SimClock
    let bell: QuickBell
    let locks = SimLocks()
    let supervisor: SimAgent
    let power = SimPowerSource()
    let packageLock = SimPackageLock()
    let engine: EngineSite
    let mind: Mind
    let deeds: Deeds
    /// What was logged.
    let lines: Shared<[String]>
    let memory = SimResidentMemory()
    /// Cycles with the hub that were not quiet.
    let cycles = Shared(0)
    let exchange: SimExchange
    let hub: HubCycle
    let registrar: Registrar
    let health: NodeHealth
    let procedures: Procedures
    let worker: Worker
    /// What procedures found, if somebody runs the worker.
    let answers = Shared<[JobEvent]>([])
    private let hubBell: QuickBell
    /// A fresh one, as after a restart.
    private let makeSelfTest: @Sendable () -> SelfTest
    var selfTest: SelfTest { makeSelfTest() }

    /// A fresh process on a disk and a database, with a hub that holds these policies.
    init(
        tree: SimFileTree = SimFileTree(), database: SimDatabase = SimDatabase(), clock: SimClock = SimClock(), release: Int = 1,
        policies: [NodeManagementPolicy] = [], descriptor: PackageDescriptor? = nil, takesStatuses: Bool = true,
        refuse: @escaping @Sendable (SimExchange.Call) -> TransferFailure? = { _ in nil }
    ) throws {
        let lines = Shared<[String]>([])
        (self.tree, self.clock, self.lines) = (tree, clock, lines)
        bell = QuickBell(clock)
        let hubBell = QuickBell(clock)
        self.hubBell = hubBell
        supervisor = SimAgent(clock: clock, load: { _ in nil })
        let settings = Settings(layers: [])
        let ports = AgentPorts(
            reader: SettingsReader(root: SimFileTree(), rootPath: "", state: tree, user: 0), rootPath: "", root: SimFileTree(), state: tree,
            commands: SimCommands(clock: clock), locks: locks,
            databases: SimStoreOpener(), archive: LibArchiveReader(), trust: try Publisher.shared.get().trust, keys: LiveKeyMaker(),
            transfer: SimTransfer { _, _ in .init(response: nil) }, connector: NoHub(), service: supervisor, clock: clock,
            randomness: SimRandomness(seed: 1), threads: NoThreads(bell: hubBell),
            machine: MachineFacts(properties: MachineProperties(architecture: "amd64", operatingSystem: "debian"), pid: 1),
            signs: NoLifeSigns(), power: power, packageLock: packageLock, http: SimNeighbour(), memory: memory,
            gauges: SimMachineGauges(), log: Logger(label: "test") { _ in LineLog(lines: lines) })
        deeds = Deeds(bell: bell)
        engine = try EngineSite(database, number: release, clock: clock, runner: deeds)
        var content = SimExchange.Content()
        content.policies = policies
        let exchange = SimExchange(content) { if case .put = $0, !takesStatuses { SimExchange.status(503) } else { refuse($0) } }
        self.exchange = exchange
        registrar = Registrar(file: IdentityFile(tree: tree), keys: ports.keys, clock: clock, connect: { _ in exchange })
        health = NodeHealth(
            ports: ports, registrar: registrar, software: "1.0.0",
            upgraded: PerComponent(software: "1.0.0", configuration: "", certificate: ""),
            engine: engine.engine, store: engine.store, startedSinceBoot: clock.sinceBoot())
        hub = HubCycle(
            engine: engine.engine, threads: ports.threads, clock: clock, randomness: ports.randomness, settings: settings,
            machine: ports.machine.properties, signs: NoLifeSigns(), memory: memory, client: { exchange },
            cycled: { [cycles] isQuiet in if !isQuiet { cycles.change { $0 += 1 } } },
            tell: SelfReporting(health: health, log: ports.log).tell)
        makeSelfTest = { [engine = self.engine] in SelfTest(engine: engine.engine, store: engine.store, ports: ports) }
        let facts = ReleaseFacts(number: release, software: "1.0.0", configuration: "1", certificate: "", descriptor: descriptor)
        procedures = Procedures(ports: ports, registrar: registrar, release: facts, settings: settings)
        worker = Worker(threads: ports.threads, answer: { [answers] event in answers.change { $0.append(event) } })
        mind = Mind(
            ports: ports, engine: engine.engine, deeds: deeds, worker: worker, hub: hub, procedures: procedures)
    }

    var job: JobState? { engine.job() }

    /// How often somebody woke the thread that speaks to the hub.
    var hubRings: Int { hubBell.rings }

    /// The hub is asked so often.
    func askHub(times: Int = 1) {
        let left = Shared(times)
        hubBell.whenWaiting { [hub] in
            left.change { $0 -= 1 }
            if left.value == 0 { hub.close() }
        }
        while case .wait(let time) = hub.step() { hubBell.wait(atMost: time) }
    }

    /// The mind's loop, until the job is so. Errors: it never is.
    func run(turns: Int = 500, until isSo: (JobState?) -> Bool) throws {
        for _ in 0..<turns {
            if isSo(job) { return }
            run(turns: 1)
        }
        throw TooManySteps()
    }

    /// The mind's loop, for so many turns.
    func run(turns: Int) {
        for _ in 0..<turns {
            if case .wait(let time) = mind.step() { bell.wait(atMost: time) }
        }
    }

    /// A job that has come to its hand-over, with a folder, on a node that runs release 1.
    func handOver() throws -> Handover {
        for link in [Layout.current, Layout.recover] { try tree.setLink(link, to: Layout.linkText(1)) }
        let handover = try engine.handOver()
        try tree.makeFolders(Layout.job(handover.ticket))
        return handover
    }

    /// The installer of a job writes these records.
    func journal(_ ticket: Ticket, _ steps: [JournalRecord.Step]) throws {
        try tree.makeFolders(Layout.job(ticket))
        var journal = try Journal.create(Layout.journal(ticket), in: tree, clock: clock)
        for step in steps { try journal.write(step) }
    }

    /// From now on the journal of a job cannot be read: a folder is in its place.
    func spoilJournal(_ ticket: Ticket) throws {
        try tree.removeTree(Layout.journal(ticket))
        try tree.makeFolders(Layout.journal(ticket))
    }
}

/// A bell whose waits take no time of the test: the clock moves by as much as was asked for, and by half of it when it is rung meanwhile.
final class QuickBell: Bell {
    private struct State {
        var isRung = false
        var rings = 0
        var pauses: [Duration] = []
        var meanwhile: (@Sendable () -> Void)?
    }

    private let clock: SimClock
    private let state = Mutex(State())

    init(_ clock: SimClock) { self.clock = clock }

    /// How long it was waited each time.
    var pauses: [Duration] { state.withLock { $0.pauses } }

    /// Happens in every wait.
    func whenWaiting(_ body: (@Sendable () -> Void)?) { state.withLock { $0.meanwhile = body } }

    /// How often it was rung.
    var rings: Int { state.withLock { $0.rings } }

    func ring() {
        state.withLock {
            $0.isRung = true
            $0.rings += 1
        }
    }

    func wait(atMost: Duration?) {
        let (isRung, meanwhile) = state.withLock { state in
            if !state.isRung, let atMost { state.pauses.append(atMost) }
            return (state.isRung, state.meanwhile)
        }
        if !isRung {
            meanwhile?()
            if let atMost { clock.advance(by: state.withLock(\.isRung) ? atMost / 2 : atMost) }
        }
        state.withLock { $0.isRung = false }
    }
}

private struct NoThreads: Threads {
    let bell: QuickBell
    func start(_ name: String, _ body: @escaping @Sendable () -> Void) {}
    func makeBell() -> any Bell { bell }
}

private struct NoHub: ExchangeConnector {
    func client(_ hub: HubAddress, org: String, node: String, token: String) -> any ExchangeClient { SimExchange() }
}

private struct LineLog: LogHandler {
    let lines: Shared<[String]>
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { lines.add("\(event.message) \(event.metadata ?? [:])") }
}
