import Glibc
import Logging
import UpgradeAgent
import UpgradeArchive
import UpgradeExchange
import UpgradeModel
import UpgradePorts
import UpgradeStore
import UpgradeSystem
import UpgradeTransfer
import UpgradeTrust

/// Introduces the adapters to each other, for one `--root`.
struct World {
    let root: String
    let rootTree: LiveFileTree
    let state: LiveFileTree
    let log: Logger

    var stateFolder: String { root + "/" + Layout.stateFolder }
    var runFolder: String { root + "/" + Layout.runFolder }
    var supervisor: SupervisorClient { SupervisorClient(root: root) }
    var boot: BootPath { BootPath(tree: state, stateFolder: stateFolder) }

    init(_ option: RootOption) throws {
        guard LiveMachine.makeFolders(option.root, mode: 0o755), let root = LiveMachine.resolved(option.root) else {
            throw ReleaseError("--root \(option.root) is no folder and cannot be made one")
        }
        self.root = root == "/" ? "" : root
        for folder in [Layout.stateFolder, Layout.runFolder] where !LiveMachine.makeFolders(self.root + "/" + folder, mode: 0o755) {
            throw ReleaseError("cannot make the folder \(self.root)/\(folder)")
        }
        rootTree = try LiveFileTree(root: root)
        state = try LiveFileTree(root: self.root + "/" + Layout.stateFolder)
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        log = Logger(label: "upliftd")
    }

    /// The version of the package beside this program; `0.0.0-dev` without one.
    static var version: String {
        guard let program = LiveMachine.programPath, let slash = program.lastIndex(of: "/") else { return ReleaseFacts.unpackaged }
        guard let beside = try? LiveFileTree(root: program[..<slash] + "/.."),
            let bytes = try? beside.contents(PackageReading.descriptorPath)
        else { return ReleaseFacts.unpackaged }
        return PackageReading.version(of: bytes) ?? ReleaseFacts.unpackaged
    }

    var reader: SettingsReader { SettingsReader(root: rootTree, rootPath: root, state: state, user: geteuid()) }

    private var keyFolder: String { root + "/" + Layout.trustedKeys }

    /// For a command with a person before it: keys that must not be used are an error.
    func soundTrust() throws -> LiveTrust { LiveTrust(keys: try PinnedKeys.load(folder: keyFolder)) }

    /// For what must go on in any case.
    func trust() -> LiveTrust {
        let trust = LiveTrust(folder: keyFolder)
        if let trouble = trust.trouble { log.error("no upgrade can be believed", metadata: ["error": "\(trouble)"]) }
        return trust
    }

    func agentPorts(_ signs: any LifeSigns) throws -> AgentPorts {
        let http = CurlHTTPCaller()
        return AgentPorts(
            reader: reader, rootPath: root, root: rootTree, state: state, commands: LiveCommandRunner(),
            locks: try LiveLocks(root: stateFolder),
            databases: FailPoint.watched(SQLiteStoreOpener(stateFolder: stateFolder, alone: true)), archive: LibArchiveReader(),
            trust: FailPoint.watched(trust()),
            keys: LiveKeyMaker(),
            transfer: CurlTransfer(), connector: HTTPExchangeConnector(http: http), service: supervisor, clock: try LiveClock(),
            randomness: LiveRandomness(), threads: LiveThreads(), machine: machine(),
            signs: signs, power: LivePowerSource(root: root), packageLock: LivePackageLock(root: root), http: http,
            memory: LiveResidentMemory(), gauges: LiveMachineGauges(), log: log)
    }

    func machine() -> MachineFacts {
        MachineFacts(
            properties: LiveMachine.properties(root: root), system: LiveMachine.system(root: root), pid: LiveMachine.processID)
    }
}
