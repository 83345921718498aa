import Logging
import UpgradeModel
import UpgradePorts

/// Everything that the agent needs from outside; the executable brings it.
package struct AgentPorts: Sendable {
    /// The tree of `--root`.
    package let root: any FileTree
    /// Its absolute path.
    package let rootPath: String
    /// The tree of the state folder.
    package let state: any FileTree
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
    package let log: Logger

    /// Memberwise.
    package init(
        root: any FileTree, rootPath: String, state: any FileTree, locks: any Locks, databases: any StoreOpener, archive: any ArchiveReader,
        trust: any Trust, keys: any KeyMaker, transfer: any Transfer, connector: any ExchangeConnector, service: any ServiceControl,
        clock: any Clock, randomness: any Randomness, threads: any Threads, machine: MachineFacts, log: Logger
    ) {
        self.root = root
        self.rootPath = rootPath
        self.state = state
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
        self.log = log
    }

    /// Absolute path of the state folder.
    package var stateFolder: String { rootPath + "/" + Layout.stateFolder }

    /// Reads settings.
    package var reader: SettingsReader { SettingsReader(root: root, rootPath: rootPath, state: state) }
}

/// What this machine is. Source: contract 4.4, built-in properties.
package struct MachineFacts: Hashable, Sendable {
    /// As the exchange names it, `amd64`.
    package let architecture: String
    /// `debian`, `ubuntu`, …; empty when it is not supported.
    package let operatingSystem: String
    /// The agent's own process.
    package let pid: Int32

    /// Memberwise.
    package init(architecture: String, operatingSystem: String, pid: Int32) {
        self.architecture = architecture
        self.operatingSystem = operatingSystem
        self.pid = pid
    }
}
