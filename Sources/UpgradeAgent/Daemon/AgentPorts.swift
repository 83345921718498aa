import Logging
import UpgradeModel
import UpgradePorts

/// Everything that the agent needs from outside; the executable brings it. A class, because many keep it and it is large.
package final class AgentPorts: Sendable {
    /// Reads settings.
    package let reader: SettingsReader
    /// The absolute path of `--root`.
    package let rootPath: String
    /// The tree of `--root`.
    package let root: any FileTree
    /// The tree of the state folder.
    package let state: any FileTree
    package let commands: any CommandRunner
    package let locks: any Locks
    package let databases: any StoreOpener
    package let archive: any ArchiveReader
    package let trust: any Trust
    package let keys: any KeyMaker
    package let transfer: any Transfer
    package let connector: any ExchangeConnector
    package let service: any ServiceControl
    package let clock: any Clock
    package let randomness: any Randomness
    package let threads: any Threads
    package let machine: MachineFacts
    package let signs: any LifeSigns
    package let power: any PowerSource
    package let packageLock: any PackageLock
    /// For an Open Horizon agent beside us.
    package let http: any HTTPCaller
    package let memory: any ResidentMemory
    package let gauges: any MachineGauges
    package let log: Logger

    /// Memberwise.
    package init(
        reader: SettingsReader, rootPath: String, root: any FileTree, state: any FileTree, commands: any CommandRunner, locks: any Locks,
        databases: any StoreOpener,
        archive: any ArchiveReader, trust: any Trust, keys: any KeyMaker, transfer: any Transfer, connector: any ExchangeConnector,
        service: any ServiceControl, clock: any Clock, randomness: any Randomness, threads: any Threads, machine: MachineFacts,
        signs: any LifeSigns, power: any PowerSource, packageLock: any PackageLock, http: any HTTPCaller, memory: any ResidentMemory,
        gauges: any MachineGauges, log: Logger
    ) {
        self.reader = reader
        self.rootPath = rootPath
        self.root = root
        self.state = state
        self.commands = commands
        self.locks = locks
        self.databases = databases
        self.archive = archive
        self.trust = trust
        self.keys = keys
        self.transfer = transfer
        self.connector = connector
        self.service = service
        self.clock = clock
        self.randomness = randomness
        self.threads = threads
        self.machine = machine
        self.signs = signs
        self.power = power
        self.packageLock = packageLock
        self.http = http
        self.memory = memory
        self.gauges = gauges
        self.log = log
    }

    /// Absolute path of the state folder.
    package var stateFolder: String { rootPath + "/" + Layout.stateFolder }

    /// The Open Horizon agent beside us; nil where the settings name none.
    func horizon(_ settings: Settings) -> HorizonAgent? {
        let agent = HorizonAgent(system: root, systemRoot: rootPath, http: http, settings: settings)
        return agent.isManaged ? agent : nil
    }

    var wayBack: WayBackPorts {
        WayBackPorts(tree: state, stateFolder: stateFolder, system: root, systemRoot: rootPath, commands: commands, archive: archive)
    }
}

/// What this machine is, and the process on it.
package struct MachineFacts: Hashable, Sendable {
    /// What it says of itself to policies.
    package let properties: MachineProperties
    /// Distribution and version.
    package let system: OperatingSystem
    /// The agent's own process.
    package let pid: Int32

    /// Memberwise.
    package init(properties: MachineProperties, system: OperatingSystem = .unknown, pid: Int32) {
        self.properties = properties
        self.system = system
        self.pid = pid
    }
}
