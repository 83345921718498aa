import Synchronization
import UpgradeAgent
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// The world of an agent and an installer on this node.
extension FleetNode {
    private static let system = OperatingSystem(id: "debian", version: "12")

    /// What the machine says of itself.
    var properties: MachineProperties {
        MachineProperties(architecture: SimPackage.architecture, operatingSystem: "debian", processors: 4, memoryMiB: 2048, serial: name)
    }

    private var reader: SettingsReader { SettingsReader(root: root, rootPath: "", state: tree, user: 0) }

    func agentPorts(_ process: NodeProcess, isDeaf: Bool) -> AgentPorts {
        AgentPorts(
            reader: reader, rootPath: "", root: root, state: workshop.tree(name, tree), commands: workshop.commands(name, commands()),
            locks: workshop.locks(name, locks), databases: workshop.stores(name, NodeStores(inner: stores, node: self)),
            archive: SimArchive(), trust: workshop.trust(name, SimTrust()), keys: NoKeys(), transfer: workshop.transfer(name, transfer),
            connector: NodeConnector(node: self, isDeaf: isDeaf), service: workshop.service(name, NodeService(node: self)),
            clock: workshop.clock(name, clock), randomness: workshop.randomness(name, randomness),
            threads: SimThreads { [clock] in clock.took($0) },
            machine: MachineFacts(
                properties: properties,
                system: FleetNode.system, pid: process.pid),
            signs: NoLifeSigns(), power: SimPowerSource(), packageLock: SimPackageLock(), http: NodeHTTP(node: self),
            memory: SimResidentMemory(), gauges: SimMachineGauges(), log: log)
    }

    func installPorts() -> InstallPorts {
        let settings = reader.settings(release: try? tree.release(at: Layout.recover))
        let hooks = reader.hooks(settings)
        let contact = LocalAgentContact(
            http: NodeHTTP(node: self), socketPath: "/\(Layout.runFolder)/\(Layout.agentSocket)", root: root,
            probeTime: settings.seconds(.probeTimeout))
        var surroundings = InstallSettings(
            stateFolder: "/" + Layout.stateFolder, architecture: SimPackage.architecture, trialDeadline: settings.seconds(.trialDeadline),
            probePause: settings.seconds(.probePause), environment: hooks.environment)
        surroundings.system = FleetNode.system
        let prober = HubProbe(
            reader: reader, identity: IdentityFile(tree: tree), connector: NodeConnector(node: self, isDeaf: false))
        var ports = InstallPorts(
            tree: workshop.tree(name, tree), archive: SimArchive(), trust: workshop.trust(name, SimTrust()),
            databases: workshop.stores(name, NodeStores(inner: stores, node: self)),
            service: workshop.service(name, NodeService(node: self)), contact: contact, prober: prober,
            commands: workshop.commands(name, commands()), clock: workshop.clock(name, clock), settings: surroundings)
        ports.hookSettings = hooks
        return ports
    }

    /// Health commands of packages and of the operator; those of a sick version say no, or nothing.
    private func commands() -> SimCommands {
        SimCommands(clock: clock) { [self] command, _ in
            guard let release = try? tree.release(at: Layout.current), let version = try? tree.text(Layout.program(release)) else {
                return .missing
            }
            let sickness = behaviour(version)
            if command.executable == FleetBirth.healthProbe { return .exits(sickness == .breaksProbe ? 1 : 0, after: .milliseconds(100)) }
            guard command.executable.hasSuffix(SimPackage.healthCommand) else { return .missing }
            if sickness == .commandHangs { return .hangs }
            if sickness != .unhealthy { watcher.isWell(self, release: release) }
            return .exits(sickness == .unhealthy ? 1 : 0, after: .milliseconds(200))
        }
    }

    /// Why this address and this authority lead to no hub; nil when they do.
    func objection(to hub: HubAddress) -> TransferFailure? {
        guard hub.exchangeURL == FleetBirth.exchangeURL else {
            return TransferFailure(.connect, subject: hub.exchangeURL, explanation: "nobody listens there")
        }
        guard let file = hub.trust.certificateAuthorityFile else { return nil }
        let text = TreePath(String(file.dropFirst(Layout.stateFolder.count + 2))).flatMap { (try? tree.text($0)) ?? nil } ?? ""
        guard !text.hasSuffix(SimPackage.authority) else { return nil }
        return TransferFailure(.untrustedServer, subject: hub.exchangeURL, explanation: "its certificate is signed by somebody else")
    }
}

private struct NodeConnector: ExchangeConnector {
    let node: FleetNode
    let isDeaf: Bool

    func client(_ hub: HubAddress, org: String, node name: String, token: String) -> any ExchangeClient {
        let client = FleetHubClient(hub: node.hub, address: hub, machine: node, isDeaf: isDeaf)
        // A deaf program reaches no hub, whichever it is.
        return isDeaf ? client : node.workshop.hub(node.name, client)
    }
}

/// The supervisor's socket.
private struct NodeService: ServiceControl {
    let node: FleetNode

    func stopAgent() throws(ServiceFailure) {
        try check()
        node.stopAgent("signal 15")
        node.clock.took(.milliseconds(100))
    }

    func startAgent() throws(ServiceFailure) {
        try check()
        do { try node.startAgent() } catch let failure as ServiceFailure { throw failure } catch {
            throw ServiceFailure(.refused, "\(error)")
        }
    }

    func agent() throws(ServiceFailure) -> AgentProcess {
        node.supervision.withLock { supervision in
            if let agent = supervision.agent { .running(pid: agent.process.pid) } else { .stopped(last: supervision.last) }
        }
    }

    func handOver(_ job: Ticket) throws(ServiceFailure) {
        try check()
        node.startInstaller(job)
    }

    private func check() throws(ServiceFailure) {
        if node.doom.hasStruck { throw ServiceFailure(.unavailable, "the simulated process was killed") }
    }
}

/// The agent's socket and port on this node.
private struct NodeHTTP: HTTPCaller {
    let node: FleetNode

    func call(_ request: HTTPRequest) throws(TransferFailure) -> HTTPResponse {
        node.clock.took(.milliseconds(2))
        if let agent = node.supervision.withLock({ $0.agent }), agent.isHung { node.clock.took(request.timeout) }
        guard !node.doom.hasStruck, let handler = node.supervision.withLock({ $0.agent })?.handler else {
            throw TransferFailure(.connect, subject: request.url, explanation: "nobody listens")
        }
        // Behind scheme and host.
        let parts = request.url.split(separator: "/").dropFirst(2).map(String.init)
        var body: [UInt8] = []
        if case .bytes(let bytes) = request.body { body = bytes }
        let isSocket = request.socketPath != nil
        let answer = handler.respond(
            to: LocalRequest(
                method: request.method, path: parts, body: body,
                door: isSocket ? .unixSocket(peer: PeerIdentity(uid: 0, gid: 0, pid: 1)) : .tcp, host: "localhost"))
        return HTTPResponse(
            status: answer.status, headers: [], body: parts.last == "evidence" ? distorted(answer.body) : answer.body, retryAfter: nil)
    }

    /// A program that does not know its own version.
    private func distorted(_ body: [UInt8]) -> [UInt8] {
        guard let release = try? node.tree.release(at: Layout.current), let version = node.version(of: release),
            node.behaviour(version) == .wrongVersion
        else { return body }
        return Array(String(decoding: body, as: UTF8.self).replacing("\"\(version)\"", with: "\"9.9.9\"").utf8)
    }
}
