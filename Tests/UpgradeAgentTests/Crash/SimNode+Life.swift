import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// Supervisor, installers and agent of one node, until its job is at rest: ended, taken in, and its folder removed.
extension SimNode {
    /// Errors: it does not come to rest.
    func live() throws {
        let boot = BootPath(tree: inner, stateFolder: "/node")
        for _ in 0..<40 {
            // Before any agent: an installer that was interrupted.
            if let open = try boot.openJob() {
                try install(open.ticket)
                continue
            }
            keepAgentRunning()
            guard let release = agent.image.process?.program.release else { continue }
            minds.look(release)
            switch minds.job(release) {
            case .handedOver: try handOver(release)
            case .ended:
                minds.removeOrphans(release)
                if try inner.list(Layout.jobs).isEmpty { return }
            default: break
            }
            clock.advance(by: .seconds(1))
        }
        throw TooManySteps()
    }

    /// One installer after the other, until one comes to its end.
    private func install(_ ticket: Ticket) throws {
        var installer = Installer(ticket: ticket, ports: ports)
        for _ in 0..<4000 {
            do {
                switch try installer.step() {
                case .done: return
                case .sleep(let time): clock.advance(by: time)
                case .again, .await: clock.advance(by: .milliseconds(1))
                }
            } catch {
                installer = Installer(ticket: ticket, ports: ports)
                clock.advance(by: .seconds(1))
            }
        }
        throw TooManySteps()
    }

    /// The agent offers its job, and takes it back when the installer gives it back or finds nothing.
    private func handOver(_ release: Int) throws {
        if try inner.entry(Layout.job(Fixture.ticket)) != nil { try install(Fixture.ticket) }
        guard reading?.records.isEmpty ?? true else { return }
        do {
            let away = Layout.jobs.appending(Fixture.ticket.text + ".reclaimed")
            if try inner.entry(Layout.job(Fixture.ticket)) != nil {
                try tree.rename(Layout.job(Fixture.ticket), to: away)
                try tree.syncDirectory(Layout.jobs)
            }
            minds.reclaim(release, reason: "the installer gave it back")
        } catch {
            // Tried again.
        }
    }
}
