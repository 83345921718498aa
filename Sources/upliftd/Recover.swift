import ArgumentParser
import Logging
import UpgradeAgent
import UpgradeModel
import UpgradePorts
import UpgradeSystem

/// What an interruption left is finished or undone, before any agent starts; with `--serve`, also what the agent hands over afterwards.
struct Recover: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Finish or undo what an interrupted installation left.")

    @OptionGroup var options: RootOption
    @Flag(name: .long, help: ArgumentHelp("As a service of systemd: take over jobs from the passed socket, too.", visibility: .hidden))
    var serve = false

    func run() throws {
        let world = try World(options)
        if serve { return try InstallerService(world: world, root: options.root).run() }
        guard let open = try world.boot.openJob() else { return }
        try InstallerDriver(world: world, service: world.supervisor).run(open.ticket)
    }
}

/// The installer where systemd is the supervisor. Ends when there is nothing to do: the socket starts it again.
struct InstallerService {
    /// A second job follows a first one soon or not at all.
    private static let idle: Duration = .seconds(5)

    let world: World
    let root: String

    func run() throws {
        let environment = LiveMachine.environment
        let notifier = ServiceNotifier(environment: environment)
        let driver = InstallerDriver(
            world: world, service: SystemdService(permit: StartPermit(runFolder: world.runFolder)))
        var open = try world.boot.openJob()
        // The old release's program goes on with its own journal; a commit under way has already named the new one for the next boot.
        if let installer = open?.installer.path, LiveMachine.programPath != LiveMachine.resolved(installer) {
            LiveMachine.become([installer, "recover", "--serve", "--root", root])
            world.log.warning("cannot start the old release's program; going on as this one", metadata: ["program": "\(installer)"])
        }
        let door = try InstallDoor(environment: environment, process: LiveMachine.processID)
        notifier.ready(status: open.map { "finishing job \($0.ticket)" } ?? "waiting for a job")
        while true {
            if let job = open {
                notifier.status("finishing job \(job.ticket)")
                try driver.run(job.ticket)
            }
            notifier.status("waiting for a job")
            guard let ticket = door.next(atMost: Self.idle) else { return }
            notifier.status("installing job \(ticket)")
            try driver.run(ticket)
            open = try world.boot.openJob()
        }
    }
}
