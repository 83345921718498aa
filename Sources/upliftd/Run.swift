import ArgumentParser
import Logging
import UpgradeAgent
import UpgradeLocalAPI
import UpgradePorts
import UpgradeSystem

/// The agent itself, as the supervisor or the service manager starts it.
struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run the agent of the current release.")

    @OptionGroup var options: RootOption
    @Option(
        name: .long,
        help: ArgumentHelp("Number of the release that this program belongs to; default: what `current` names.", visibility: .hidden))
    var release: Int?

    func run() throws {
        // Before the first thread: one that does not leave these signals alone would die of them, and the agent with it.
        let signals = try TerminationSignals()
        let world = try World(options)
        // Without its supervisor an agent leaves at once, as if it had been killed: one that lingered in a call, or while
        // it starts, would meet its successor.
        LifeLine.watch(environment: LiveMachine.environment) { LiveMachine.leave() }
        let notifier = ServiceNotifier(environment: LiveMachine.environment)
        let daemon = try AgentDaemon(ports: try world.agentPorts(notifier), release: release)
        let api = LocalAPIServer(
            socketFolder: world.runFolder, socketName: Layout.agentSocket, tcpPort: daemon.tcpPort,
            portFile: world.runFolder + "/" + Layout.portFile, handler: daemon.handler, logger: world.log)
        try api.openSocketDoor()
        // Reads over TCP are a convenience: a taken port or a full disk must not keep an agent from its work.
        do { try api.openTCPDoor() } catch { world.log.warning("no reads over TCP", metadata: ["error": "\(error)"]) }
        LiveThreads().start("signals") {
            signals.wait()
            daemon.stop()
        }
        notifier.ready(status: "version \(World.version)")
        world.log.info("agent runs", metadata: ["version": "\(World.version)"])
        daemon.run()
        api.stop()
    }
}
