import Synchronization
import UpgradeAgent
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// What runs on a node.
struct Supervision {
    var agent: RunningAgent?
    var installer: NodeProcess?
    var installerBegan: Duration = .zero
    /// How the last agent ended.
    var last: String?
    /// Starts in a row that ended soon.
    var failures = 0
    /// Installers in a row that ended with an error.
    var troubles = 0
    /// An installer is at work or was just now: the agent starts and stops as it asks.
    var handsOff = false
    var nextPid: Int32 = 100
    var turn = 0

    mutating func process() -> NodeProcess {
        nextPid += 1
        return NodeProcess(pid: nextPid)
    }
}

/// The rules of `upliftd supervise`: an open job is recovered before any agent starts; while an installer works the agent is its own; an agent
/// that ends is started again, later and later. Source: install.md, "What starts what".
extension FleetNode {
    private static let pauseMax: Duration = .seconds(60)

    /// Decides what must be started now.
    func look() {
        guard state.withLock({ $0.isPowered }), supervision.withLock({ $0.installer == nil }) else { return }
        do {
            if let job = try boot.openJob() {
                supervision.withLock { $0.handsOff = true }
                return startInstaller(job.ticket)
            }
        } catch { return lookAgain(in: .seconds(1)) }
        supervision.withLock { $0.handsOff = false }
        guard supervision.withLock({ $0.agent == nil }) else { return }
        do { try startAgent() } catch {
            supervision.withLock { $0.failures += 1 }
            lookAgain(in: pause(supervision.withLock { $0.failures }))
        }
    }

    /// A later wish takes the place of an earlier one.
    func lookAgain(in time: Duration) {
        let turn = supervision.withLock { supervision in
            supervision.turn += 1
            return supervision.turn
        }
        timeline.at(clock.elapsed + time) { [self] in if supervision.withLock({ $0.turn }) == turn { look() } }
    }

    private func pause(_ failures: Int) -> Duration { min(.seconds(1 << min(failures, 6)), FleetNode.pauseMax) }

    // MARK: Agent

    /// The agent that `current` names. Errors: it cannot be started.
    func startAgent() throws {
        guard supervision.withLock({ $0.agent == nil }) else { return }
        let release = try boot.agent().release
        let version = (try? tree.text(Layout.program(release))) ?? nil
        guard let version else { throw ServiceFailure(.refused, "release \(release) has no program") }
        if troubles.has(.noAgentStarts) {
            bites("no agent can be started")
            throw ServiceFailure(.refused, "the program of release \(release) cannot be started: out of memory")
        }
        watcher.starts(self, release: release)
        let sickness = behaviour(version)
        if sickness == .cannotStart { throw ServiceFailure(.refused, "the program of release \(release) cannot be started") }
        let process = supervision.withLock { $0.process() }
        let agent = RunningAgent(self, process, release: release, sickness: sickness)
        supervision.withLock { $0.agent = agent }
        agent.start()
    }

    /// An agent has ended by itself.
    func agentEnded(_ process: NodeProcess, _ how: String, after time: Duration) {
        guard process.isAlive else { return }
        process.end()
        let (isOurs, failures) = supervision.withLock { supervision in
            supervision.agent = nil
            supervision.last = how
            supervision.failures = time > .seconds(60) ? 1 : supervision.failures + 1
            return (!supervision.handsOff, supervision.failures)
        }
        locks.drop(.agent)
        watcher.isUp(self, false)
        watcher.note(self, "agent ended: \(how)")
        if isOurs { lookAgain(in: pause(failures)) }
    }

    func stopAgent(_ how: String) {
        let agent = supervision.withLock { supervision in
            defer { supervision.agent = nil }
            if supervision.agent != nil { supervision.last = how }
            return supervision.agent
        }
        guard let agent else { return }
        agent.stop()
        locks.drop(.agent)
        watcher.isUp(self, false)
    }

    // MARK: Installer

    func startInstaller(_ ticket: Ticket) {
        guard supervision.withLock({ $0.installer == nil }) else { return }
        let process = supervision.withLock { supervision in
            supervision.handsOff = true
            let process = supervision.process()
            supervision.installer = process
            supervision.installerBegan = clock.elapsed
            return process
        }
        watcher.installs(self)
        InstallerDriver(ticket, process, self).start()
        doomInstaller(process)
    }

    func installerEnded(_ process: NodeProcess, trouble: (any Error)?) {
        guard process.isAlive else { return }
        process.end()
        locks.drop(.install)
        let troubles = supervision.withLock { supervision in
            supervision.installer = nil
            supervision.troubles = trouble == nil ? 0 : supervision.troubles + 1
            return supervision.troubles
        }
        if let trouble { watcher.note(self, "installer ended: \(trouble)") }
        lookAgain(in: troubles == 0 ? .milliseconds(10) : pause(troubles))
    }

    /// Nobody is asked: the processes are gone.
    func endProcesses(_ how: String) {
        let (agent, installer) = supervision.withLock { supervision in
            defer {
                supervision.agent = nil
                supervision.installer = nil
                supervision.handsOff = false
                supervision.turn += 1
                supervision.last = how
            }
            return (supervision.agent, supervision.installer)
        }
        agent?.process.end()
        installer?.end()
        if agent != nil { watcher.isUp(self, false) }
    }
}
