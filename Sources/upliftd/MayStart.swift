import ArgumentParser
import Logging
import UpgradeAgent
import UpgradeSystem

/// Asked by systemd before every start of the agent: while a job is open, only its installer may start one.
struct MayStart: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "may-start", abstract: "Tell systemd whether the agent may be started now; exit 0 = yes.", shouldDisplay: false)

    @OptionGroup var options: RootOption

    func run() throws {
        do {
            let world = try World(options)
            if StartPermit(runFolder: world.runFolder).take() { return }
            guard let job = try world.boot.openJob() else { return }
            world.log.info("not started: the installer of an open job will do it", metadata: ["job": "\(job.ticket)"])
        } catch {
            // Not known, so not now; systemd tries again after this code, and only after this one.
            print("cannot tell whether a job is open, so the agent is not started: \(error)")
            throw ExitCode(255)
        }
        throw ExitCode(1)
    }
}
