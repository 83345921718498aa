import UpgradeAgent
import UpgradeModel
import UpgradePorts
import UpgradeSystem

/// Runs the installer's steps to their end, as the holder of the install lock.
struct InstallerDriver {
    let world: World
    /// Starts and stops the agent.
    let service: any ServiceControl

    func run(_ ticket: Ticket) throws {
        // Without its supervisor nobody could start or stop the agent: what is left is taken up by the next one.
        LifeLine.watch(environment: LiveMachine.environment) { LiveMachine.leaveWithSession() }
        guard let lock = try LiveLocks(root: world.stateFolder).take(.install) else {
            throw ReleaseError("another installer holds \(LockName.install.rawValue)")
        }
        defer { lock.release() }
        var installer = Installer(ticket: ticket, ports: try world.installPorts(service))
        let bell = LiveThreads().makeBell()
        while true {
            switch try installer.step() {
            case .again, .await: break
            case .sleep(let time): bell.wait(atMost: time)
            case .done: return
            }
        }
    }
}
