import Synchronization
import UpgradeAgent
import UpgradeModel
import UpgradeSimulation

/// How processes and power end, and what comes after.
extension FleetNode {
    /// As long as the unit of the agent says.
    private static let watchdog: Duration = .seconds(900)

    /// Agent and installer are killed; the machine goes on.
    func killAll() {
        endProcesses("signal 9")
        var disk = tree.disk
        disk.closeAll()
        replaceDisk(disk)
        bites("killed")
        timeline.at(timeline.now + .seconds(1)) { [self] in look() }
    }

    /// The installer alone is killed, if there is one.
    func killInstaller() {
        guard let process = supervision.withLock({ $0.installer }) else { return }
        bites("installer killed")
        installerEnded(process, trouble: ReleaseError("signal 9"))
    }

    /// From now on, or no more, every installer is killed that has been at work for so long.
    func killInstallers(after time: Duration, _ isSo: Bool) {
        troubles.set(.installersDie(after: time), isSo)
        if isSo, let process = supervision.withLock({ $0.installer }) { doom(process, after: time) }
    }

    /// An installer begins that will not live long.
    func doomInstaller(_ process: NodeProcess) { for age in troubles.installerAges { doom(process, after: age) } }

    private func doom(_ process: NodeProcess, after age: Duration) {
        let began = supervision.withLock { $0.installerBegan }
        timeline.at(max(timeline.now, began + age)) { [self] in
            guard process.isAlive, troubles.has(.installersDie(after: age)) else { return }
            // What it did in its last piece of work took time: the kill comes after it.
            if clock.elapsed > timeline.now { return timeline.at(clock.elapsed) { [self] in if process.isAlive { killInstaller() } } }
            killInstaller()
        }
    }

    /// The agent does nothing more, until the service manager has waited long enough.
    func hangAgent() {
        guard let agent = supervision.withLock({ $0.agent }), agent.handler != nil else { return }
        bites("agent hangs")
        agent.hang()
        timeline.at(timeline.now + FleetNode.watchdog) { [self] in agentEnded(agent.process, "signal 6", after: FleetNode.watchdog) }
    }

    /// The release that leads back lacks its program.
    func loseWayBack() {
        guard let release = try? tree.release(at: Layout.recover), (try? tree.removeIfPresent(Layout.program(release))) != nil else {
            return
        }
        bites("the program of release \(release) is gone")
    }

    /// The agent's database is gone, or cannot be read; whoever had it open is gone too.
    func spoilDatabase(isLost: Bool) {
        guard let release = try? tree.release(at: Layout.current) else { return }
        bites(isLost ? "database lost" : "database damaged")
        let path = Layout.database(release)
        if isLost { stores.lose(path) } else { stores.database(path)?.set(.damaged) }
        killAll()
    }

    /// The power goes and comes back; what was not synced may be gone.
    func cutPower(back: Duration) {
        endProcesses("power cut")
        let losses = PowerCutLoss.allCases
        let loss = losses[Int(randomness.next() % UInt64(losses.count))]
        replaceDisk(tree.disk.afterPowerCut(losing: loss))
        let number = state.withLock { state in
            state.isPowered = false
            state.cuts += 1
            return state.cuts
        }
        bites("power cut, \(loss.rawValue)")
        timeline.at(timeline.now + back) { [self] in if state.withLock({ $0.cuts }) == number { powerOn() } }
    }

    /// The power goes so often, each time so long after it came back.
    func cyclePower(_ times: Int, apart: Duration) {
        guard times > 0 else { return }
        let back: Duration = .seconds(5)
        cutPower(back: back)
        timeline.at(timeline.now + back + apart) { [self] in cyclePower(times - 1, apart: apart) }
    }

    private func powerOn() {
        state.withLock { $0.isPowered = true }
        clock.boot()
        watcher.disturbed(self)
        watcher.booted(self)
        watcher.note(self, "booted")
        look()
    }

    private func replaceDisk(_ disk: SimDisk) {
        state.withLock { state in
            state.tree = SimFileTree(disk)
            state.locks.dropAll()
            state.locks = SimLocks()
        }
        guardTree()
    }
}
