import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Strategy `script`: the upgrade of the Open Horizon agent beside us is what happens between the switch of `current` and its record. The new
/// release is the old one again: what it stands for is the other agent's version. Source: architecture, "Install"; contract 5.1.
extension Installer {
    /// Told by the job's own list, whatever the settings say meanwhile; nil for a job about this agent. Errors: what the new release was built
    /// for is not known any more.
    func horizonJob() throws -> (agent: HorizonAgent, job: HorizonJob)? {
        guard let job = try BackList.read(ticket, in: ports.tree)?.horizon else {
            guard let new = self.job?.newRelease, ReleaseDocument.read(new, in: ports.tree)?.strategy == .script else { return nil }
            throw ReleaseError("the job has no whole back.list any more, by which the Open Horizon agent is upgraded")
        }
        guard let agent = ports.horizon else { throw ReleaseError("the Open Horizon agent of job \(ticket) cannot be reached from here") }
        return (agent, job)
    }

    func checkHorizon(_ list: BackList) throws {
        guard list.horizon != nil else { throw ReleaseError("no way back: the job's back.list names no Open Horizon agent") }
        if let objection = try ports.horizon?.objection() { throw ReleaseError(objection) }
        guard let job, journal?.reading.records.contains(where: { $0.step == .stopIntended }) != true else { return }
        let probe = ports.prober.probe(release: job.oldRelease)
        guard probe.succeeded else {
            throw ReleaseError("agent-install.sh needs the exchange, which cannot be reached: \(probe.reason); try again when it is back")
        }
    }

    // MARK: Its files

    /// Copies them into a folder beside the last copy: half of one is never put back.
    mutating func saving(_ agent: HorizonAgent) throws -> PackageRun {
        let new = newCopy
        try ports.tree.removeTree(new)
        try ports.tree.makeDirectory(new, mode: 0o700)
        let acts = try agent.files.save(from: agent.system, to: new, in: ports.tree)
        return PackageRun([.call(agent.service("stop"))] + acts, commands: ports.commands)
    }

    mutating func saved(_ step: Step<String?>) throws -> Step<Void> {
        switch step {
        case .done(nil):
            // Whole or not there: without it nothing is put back, and before the switch nothing has to be.
            let (saved, before) = (Layout.saved(ticket), Layout.back(ticket).appending("saved.old"))
            try ports.tree.removeTree(before)
            if try ports.tree.entry(saved) != nil { try ports.tree.rename(saved, to: before) }
            try ports.tree.rename(newCopy, to: saved)
            try ports.tree.syncDirectory(Layout.back(ticket))
            try ports.tree.removeTree(before)
            isHorizonSaved = true
            phase = .switching
        case .done(.some(let trouble)):
            guard journal?.reading.isBeyondSwitch == true else { throw ReleaseError("no way back: \(trouble)") }
            rollBack(try known(), "no way back: \(trouble)")
        case .sleep(let time): return .sleep(time)
        case .again, .await: break
        }
        return .again
    }

    private var newCopy: TreePath { Layout.back(ticket).appending("saved.new") }

    // MARK: Its upgrade

    /// Once: what it has changed before it failed goes back.
    func upgrade(of agent: HorizonAgent, _ job: HorizonJob, _ handover: Handover) -> PackageRun {
        let folder = ports.settings.stateFolder + "/" + Layout.script(ticket).text
        return PackageRun(
            [.call(agent.script(job, handover.plan, folder: folder)), agent.cronJobAway], preparation: ports.settings.dpkg.finish(),
            tries: 1,
            commands: ports.commands)
    }

    /// What the package says of itself; nil when the job brings none.
    func horizonPackage() -> PackageDescriptor? {
        let path = Layout.script(ticket).appending(PackageReading.descriptorPath)
        guard let bytes = try? ports.tree.contents(path) else { return nil }
        return PackageReading.descriptor(bytes)
    }

    // MARK: Its end before the switch

    /// Starts the agent that this job may have stopped, which it never does before `stop-intended`; nil for a job about this agent.
    func resuming() -> PackageRun? {
        guard journal?.reading.records.contains(where: { $0.step == .stopIntended }) == true, let (agent, _) = try? horizonJob() else {
            return nil
        }
        return PackageRun([.call(agent.service("start"))], commands: ports.commands)
    }

    /// The job ends in any case; an agent that could not be started is told.
    mutating func resumed(_ step: Step<String?>, _ last: JournalRecord.Step) throws -> Step<Void> {
        switch step {
        case .done(.some(let trouble)):
            if case .refused(let reason) = last {
                return try gaveUp(.refused(reason: "\(reason); the Open Horizon agent was not started again: \(trouble)"))
            }
            return try gaveUp(last)
        case .done(nil): return try gaveUp(last)
        case .sleep(let time): return .sleep(time)
        case .again, .await: return .again
        }
    }
}

extension PackageRun {
    /// The new release knows that there was something to put back; nobody knows what.
    static func lostHorizon(_ handover: Handover, _ ports: InstallPorts) -> PackageRun? {
        guard ReleaseDocument.read(handover.newRelease, in: ports.tree)?.strategy == .script else { return nil }
        let path = "\(ports.settings.stateFolder)/\(Layout.back(handover.ticket))/back.list"
        let why = "\(path) is gone; bring the Open Horizon agent back by hand, then write the line `end 0` into that file"
        return PackageRun([.lost(why)], tries: 1, commands: ports.commands)
    }

    /// The way back of an Open Horizon agent: its service stands still while packages and files change. Packages may start it.
    static func horizon(_ ticket: Ticket, _ ports: InstallPorts, around packages: [Act]) throws -> [Act] {
        guard let agent = ports.horizon else { throw ReleaseError("the Open Horizon agent of job \(ticket) cannot be reached from here") }
        let files = try HorizonFiles.putBack(Layout.saved(ticket), in: ports.tree, to: agent.system)
        let stop = Act.call(agent.service("stop"))
        return [stop] + packages + [stop] + files + [agent.cronJobAway, .call(agent.service("start")), .ask(tries: 30, agent.silence)]
    }
}
