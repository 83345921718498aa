import UpgradeAgent
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// Runs the real installer of a job as a process of its node.
final class InstallerDriver: Sendable {
    private static let startTime: Duration = .milliseconds(100)
    private static let pieceTime: Duration = .milliseconds(1)

    private let node: FleetNode
    private let process: NodeProcess
    private let ticket: Ticket
    /// The timeline's one thread alone touches these.
    nonisolated(unsafe) private var installer: Installer?
    nonisolated(unsafe) private var lock: (any HeldLock)?

    init(_ ticket: Ticket, _ process: NodeProcess, _ node: FleetNode) {
        self.node = node
        self.process = process
        self.ticket = ticket
    }

    func start() { schedule(at: node.clock.elapsed + InstallerDriver.startTime) }

    private func schedule(at instant: Duration) {
        node.timeline.at(instant) { [self] in
            guard process.isAlive else { return }
            let free = node.clock.elapsed
            if free > node.timeline.now { return schedule(at: free) }
            step()
        }
    }

    private func step() {
        let result = node.live(process) { Result { try advance() } }
        guard let result, process.isAlive else { return }
        switch result {
        case .success(.again), .success(.await): schedule(at: node.clock.elapsed + InstallerDriver.pieceTime)
        case .success(.sleep(let time)): schedule(at: node.clock.elapsed + max(time, InstallerDriver.pieceTime))
        case .success(.done): node.installerEnded(process, trouble: nil)
        case .failure(let error): node.installerEnded(process, trouble: error)
        }
    }

    private func advance() throws -> Step<Void> {
        if lock == nil {
            lock = node.locks.take(.install)
            if lock == nil { throw ServiceFailure(.unavailable, "another installer is at work") }
            installer = Installer(ticket: ticket, ports: node.installPorts())
        }
        return try installer?.step() ?? .done(())
    }
}
