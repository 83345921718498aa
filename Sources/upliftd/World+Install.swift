import UpgradeAgent
import UpgradeArchive
import UpgradeExchange
import UpgradeModel
import UpgradePorts
import UpgradeStore
import UpgradeSystem
import UpgradeTransfer

extension World {
    /// What the installer works with: settings and probes of the last committed release.
    func installPorts(_ service: any ServiceControl) throws -> InstallPorts {
        let settings = reader.settings(release: try state.release(at: Layout.recover))
        let http = CurlHTTPCaller()
        let probe = HubProbe(reader: reader, identity: IdentityFile(tree: state), connector: HTTPExchangeConnector(http: http))
        let contact = LocalAgentContact(
            http: http, socketPath: runFolder + "/" + Layout.agentSocket, root: rootTree,
            probeTime: settings.seconds(.probeTimeout))
        let hooks = reader.hooks(settings)
        var surroundings = InstallSettings(
            stateFolder: stateFolder, architecture: LiveMachine.architecture,
            trialDeadline: settings.seconds(.trialDeadline),
            probePause: settings.seconds(.probePause),
            environment: hooks.environment, dpkg: Dpkg(root: root))
        surroundings.system = LiveMachine.system(root: root)
        var ports = InstallPorts(
            tree: state, archive: LibArchiveReader(), trust: trust(),
            databases: SQLiteStoreOpener(stateFolder: stateFolder, alone: true),
            service: service, contact: contact, prober: probe, commands: LiveCommandRunner(), clock: try LiveClock(),
            settings: surroundings,
            observer: FailPoint.observer)
        ports.hookSettings = hooks
        ports.horizon = HorizonAgent(system: rootTree, systemRoot: root, http: http, settings: settings)
        return ports
    }
}
