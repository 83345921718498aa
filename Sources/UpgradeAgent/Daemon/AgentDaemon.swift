import Logging
import Synchronization
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// The agent: takes its lock, opens the memory of its release, takes in what the journals say, and runs until it is told to stop.
/// Source: architecture, "The machine" and "One commit per step"; install.md, "Who owns what".
package final class AgentDaemon: Sendable {
    /// Why the agent does not start.
    package struct StartError: Error, Sendable, CustomStringConvertible {
        /// One sentence with the remedy.
        package let description: String
    }

    /// What one start of the agent is made of.
    struct Parts: Sendable {
        let ports: AgentPorts
        let release: ReleaseFacts
        /// What is upgraded here: this agent's own versions, or those of the Open Horizon agent beside us.
        let versions: PerComponent<String>
        let settings: Settings
        let hubAddress: HubAddress
        let store: any Store
        let engine: Engine
        let registrar: Registrar
        let hub: HubCycle
        let mind: Mind
        let worker: Worker
        let deeds: Deeds
        let trialTicket: Ticket?
        let trialNote = TrialNoteBox()
        /// Keys of the release's configuration that `/etc/uplift` overrides.
        let overridden: [String]
        let health: NodeHealth
        /// Held for life.
        let lock: any HeldLock
    }

    private let parts: Parts
    private let closing = Flag()
    private let ended: any Bell

    /// Starts nothing yet, but takes in everything that happened while no agent ran. Errors: another agent runs; the release, settings or
    /// identity cannot be read; on trial, a damaged database.
    package init(ports: AgentPorts, release number: Int?) throws {
        guard let lock = try ports.locks.take(.agent) else {
            throw StartError(description: "another agent holds \(LockName.agent.rawValue) under \(ports.stateFolder): stop it first")
        }
        guard let number = try number ?? ports.state.release(at: Layout.current) else {
            throw StartError(description: "no release is installed under \(ports.stateFolder): run `upliftd install --first PACKAGE`")
        }
        parts = try AgentDaemon.assemble(ports, number, lock)
        ended = ports.threads.makeBell()
        try parts.mind.wakeUp()
        Reserve(tree: ports.state).make()
    }

    private static func assemble(_ ports: AgentPorts, _ number: Int, _ lock: any HeldLock) throws -> Parts {
        let release = try ReleaseFacts.read(number, in: ports.state)
        let settings = ports.reader.settings(release: number)
        let hubAddress = try ports.reader.hub(settings, release: number)
        let open = try OpenJobs(tree: ports.state).unfinished()
        let trial = open.flatMap { $0.reading.isBeyondSwitch && $0.reading.releases?.new == number ? $0.ticket : nil }
        let (store, node) = try MemoryOpener(ports: ports, release: number, isOnTrial: trial != nil).open()
        let registrar = Registrar(
            file: IdentityFile(tree: ports.state), keys: ports.keys, clock: ports.clock,
            connect: { ports.connector.client(hubAddress, org: $0.org, node: $0.node, token: $0.token) })
        let deeds = Deeds(bell: ports.threads.makeBell())
        let installed = ports.horizon(settings).map { installedVersions($0, ports) }
        var surroundings = surroundings(ports, settings, release)
        surroundings.installed = installed
        (surroundings.operations, surroundings.process) = (settings.operationLimits, Int(ports.machine.pid))
        surroundings.rejected = { [log = ports.log] why in log.critical("this cannot happen", metadata: ["event": "\(why)"]) }
        let engine = Engine(store: store, node: node, surroundings: surroundings, runner: deeds)
        let worker = Worker(threads: ports.threads) { deeds.add(.answer($0)) }
        let health = NodeHealth(
            ports: ports, registrar: registrar, software: release.software, upgraded: installed ?? release.versions, engine: engine,
            store: store, startedSinceBoot: ports.clock.sinceBoot())
        let selfTest = SelfTest(engine: engine, store: store, ports: ports)
        let purge = OperationPurge(engine: engine, clock: ports.clock, log: ports.log)
        let hub = HubCycle(
            engine: engine, threads: ports.threads, clock: ports.clock, randomness: ports.randomness, settings: settings,
            machine: ports.machine.properties, signs: ports.signs, memory: ports.memory, client: { registrar.client },
            cycled: { deeds.cycled(isQuiet: $0) },
            upkeep: {
                selfTest.step()
                return purge.step()
            },
            tell: SelfReporting(health: health, log: ports.log).tell)
        var procedures = Procedures(ports: ports, registrar: registrar, release: release, settings: settings)
        procedures.meter = surroundings.meter
        let mind = Mind(ports: ports, engine: engine, deeds: deeds, worker: worker, hub: hub, procedures: procedures)
        let overridden = settings.overridden(by: try ports.state.text(Layout.configuration(number)) ?? "")
        try tell(overridden, number, isOnTrial: trial != nil, engine, ports)
        return Parts(
            ports: ports, release: release, versions: installed ?? release.versions, settings: settings, hubAddress: hubAddress,
            store: store, engine: engine, registrar: registrar,
            hub: hub, mind: mind, worker: worker, deeds: deeds, trialTicket: trial, overridden: overridden, health: health, lock: lock)
    }

    /// A person who published a configuration must see why a key of it has no effect here.
    private static func tell(_ overridden: [String], _ release: Int, isOnTrial: Bool, _ engine: Engine, _ ports: AgentPorts) throws {
        guard isOnTrial, !overridden.isEmpty else { return }
        let message = "The configuration of release \(release) sets \(overridden.joined(separator: ", ")), which /etc/uplift overrides."
        let row = EventLogRow(
            at: ports.clock.now(), severity: "warning", code: "settings_overridden", message: message, policy: nil)
        try engine.record([.log(row)])
    }

    /// The agent starts in any case; what is not known is not told.
    private static func installedVersions(_ horizon: HorizonAgent, _ ports: AgentPorts) -> PerComponent<String> {
        var interview = Interview(commands: ports.commands)
        let bell = ports.threads.makeBell()
        do {
            while true {
                switch try interview.step({ try horizon.versions(&$0) }) {
                case .done(let versions): return versions
                case .sleep(let time): bell.wait(atMost: time)
                case .again, .await: break
                }
            }
        } catch {
            ports.log.error("the version of the Open Horizon agent is not known", metadata: ["error": "\(error)"])
            return PerComponent(software: "", configuration: "", certificate: "")
        }
    }

    private static func surroundings(_ ports: AgentPorts, _ settings: Settings, _ release: ReleaseFacts) -> EngineSurroundings {
        EngineSurroundings(
            clock: ports.clock, randomness: ports.randomness, limits: settings.jobLimits, release: release,
            highestRelease: { ((try? ports.state.list(Layout.releases)) ?? []).compactMap { Int($0) }.max() ?? 0 },
            giveUpReserve: { Reserve(tree: ports.state).giveUp() })
    }

    /// The handler of the local API.
    package var handler: any LocalAPIHandler { LocalRoutes(parts: parts) }

    /// The port of the local API's TCP door, from the settings; nil where it belongs to an Open Horizon agent beside us.
    package var tcpPort: Int? {
        parts.ports.horizon(parts.settings) == nil ? Int(parts.settings.number(.agentPort)) : nil
    }

    /// Runs until `stop`; returns when every thread has ended its present step.
    package func run() {
        tellTroubles()
        let loops = loops
        let running = Mutex(loops.count)
        let (ended, ports) = (ended, parts.ports)
        for loop in loops {
            ports.threads.start(loop.name) {
                loop.run(ports.transfer)
                let isLast = running.withLock { left in
                    left -= 1
                    return left == 0
                }
                if isLast { ended.ring() }
            }
        }
        ended.wait(atMost: nil)
    }

    /// What the agent does, for a driver that has no threads.
    package var loops: [AgentLoop] {
        let (mind, closing) = (parts.mind, closing)
        return [
            AgentLoop(name: "mind", bell: parts.deeds.bell) { closing.isSet ? .over : mind.step() },
            AgentLoop(name: "worker", bell: parts.worker.bell, step: parts.worker.step),
            AgentLoop(name: "hub", bell: parts.hub.bell, step: parts.hub.step),
        ]
    }

    private func tellTroubles() {
        if let trouble = parts.registrar.trouble { parts.ports.log.error("not registered", metadata: ["error": "\(trouble)"]) }
        for mistake in parts.settings.mistakes { parts.ports.log.warning("settings", metadata: ["mistake": "\(mistake)"]) }
    }

    /// Asks all threads to end; returns at once.
    package func stop() {
        closing.set()
        parts.worker.close()
        parts.hub.close()
        parts.deeds.bell.ring()
    }
}

/// A yes that is said once and seen by every thread.
final class Flag: Sendable {
    private let value = Mutex(false)

    var isSet: Bool { value.withLock { $0 } }

    func set() { value.withLock { $0 = true } }
}

/// The last word of the installer about a trial that goes on.
final class TrialNoteBox: Sendable {
    private let note = Mutex<TrialNote?>(nil)

    var value: TrialNote? { note.withLock { $0 } }

    func set(_ new: TrialNote) { note.withLock { $0 = new } }
}
