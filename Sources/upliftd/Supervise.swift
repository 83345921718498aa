import ArgumentParser
import Logging
import UpgradeAgent
import UpgradeModel
import UpgradePorts
import UpgradeSystem

/// The parent of agent and installer where there is no systemd.
struct Supervise: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Keep the agent of the current release running, and run installers; stays in the foreground until SIGTERM.")

    @OptionGroup var options: RootOption
    @Flag(name: .long, help: ArgumentHelp("The last committed release's program was entered already.", visibility: .hidden))
    var entered = false

    func run() throws {
        let world = try World(options)
        let boot = world.boot
        // Boot always enters through the last committed release, whichever program was called.
        let entry = try boot.entry()
        if !entered, LiveMachine.programPath != LiveMachine.resolved(entry.path) {
            LiveMachine.become([entry.path, "supervise", "--root", options.root, "--entered"])
            world.log.warning(
                "cannot start the last committed release's program; going on as this one", metadata: ["program": "\(entry.path)"])
        }
        let signals = try TerminationSignals()
        let plan = NodePlan(boot: boot, root: options.root, locks: try LiveLocks(root: world.stateFolder), logger: world.log)
        try Supervisor(root: world.root, environment: LiveMachine.environment, plan: plan).run(signals: signals)
    }
}

/// What the supervisor starts, told by links, journals and the install lock.
struct NodePlan: SupervisorPlan {
    let boot: BootPath
    let root: String
    let locks: LiveLocks
    let logger: Logger

    func agentCommand() throws -> [String] {
        let program = try boot.agent()
        return [program.path, "run", "--root", root, "--release", String(program.release)]
    }

    func openJob() throws -> UpgradeSystem.OpenJob? {
        guard let job = try boot.openJob() else { return nil }
        return UpgradeSystem.OpenJob(ticket: job.ticket, command: [job.installer.path, "recover", "--root", root])
    }

    func installCommand(_ ticket: Ticket) throws -> [String] {
        [try boot.installer(for: ticket).path, "install", "--job", ticket.text, "--root", root]
    }

    func lockHeld() throws -> Bool {
        guard let lock = try locks.take(.install) else { return true }
        lock.release()
        return false
    }

    func log(_ line: String) { logger.info("\(line)") }
}
