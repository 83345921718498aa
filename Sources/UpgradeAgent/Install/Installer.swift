import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Installs one handed-over job, or finishes or undoes what an interruption left: the same code for `install` and `recover`, told by the
/// journal alone. The caller holds the install lock. Source: install.md, whole.
package struct Installer {
    enum Phase {
        case opening
        case finishingPackages(PackageRun)
        case askingBefore(RelativeProbes)
        case stopping
        case comparing(PackageComparison)
        case assembling(ReleaseAssembly)
        case hooking(HookRun, then: AfterHooks)
        case saving(PackageRun)
        case switching
        case bringingPackages(PackageRun)
        case trial(Trial)
        case committing
        case rollingBack(Rollback)
        case givingUp(PackageRun, JournalRecord.Step)
    }

    let ticket: Ticket
    let ports: InstallPorts
    var phase = Phase.opening
    var job: Handover?
    var old: ReleaseFacts?
    var journal: Journal?
    /// This process has stopped the Open Horizon agent and copied its files.
    var isHorizonSaved = false

    /// For the job of this ticket.
    package init(ticket: Ticket, ports: InstallPorts) {
        self.ticket = ticket
        self.ports = ports
    }

    /// One bounded piece of work; done when a final record is written or there is no such job. Errors: when a step has to be repeated by a
    /// fresh process.
    package mutating func step() throws -> Step<Void> {
        do {
            return try advance()
        } catch {
            guard endsTheJob(error) else { throw error }
            return try refuse("\(error)")
        }
    }

    /// Before the switch every error but two does: a supervisor that is not there says nothing about the package, and after a record that may be
    /// there or not, the switch may be intended.
    private func endsTheJob(_ error: any Error) -> Bool {
        if (error as? ServiceFailure)?.kind == .unavailable || journal?.isUncertain == true || journal?.reading.isBeyondSwitch == true {
            return false
        }
        return (try? switched()) == nil
    }

    private mutating func advance() throws -> Step<Void> {
        switch phase {
        case .opening: return try open()
        case .finishingPackages(var run):
            let step = run.step()
            phase = .finishingPackages(run)
            return try finished(step)
        case .askingBefore(var probes): return try askedBefore(&probes)
        case .stopping: return try stop()
        case .comparing(var comparison):
            let step = try comparison.step()
            phase = .comparing(comparison)
            guard case .done(let result) = step else { return .again }
            phase = .assembling(ReleaseAssembly(try known(), compared: result, strategy: try strategy(), ports: ports))
        case .assembling(var assembly):
            let step = try assembly.step()
            phase = .assembling(assembly)
            if case .done = step { phase = .hooking(try hooks(.beforeInstall), then: .switching) }
        case .hooking(var run, let after): return try hooking(&run, after)
        case .saving(var run):
            let step = run.step()
            phase = .saving(run)
            return try saved(step)
        case .switching: return try switchOver()
        case .bringingPackages(var run):
            let step = run.step()
            phase = .bringingPackages(run)
            return try brought(step)
        case .trial(var trial): return try onTrial(&trial)
        case .committing: return try commit()
        case .rollingBack(var rollback): return try goBack(&rollback)
        case .givingUp(var run, let last):
            let step = run.step()
            phase = .givingUp(run, last)
            return try resumed(step, last)
        }
        return .again
    }

    // MARK: Before the switch

    func isUnused(_ release: Int) throws(FileError) -> Bool {
        let used = [try ports.tree.release(at: Layout.current), try ports.tree.release(at: Layout.recover)]
        return !used.contains(release)
    }

    private mutating func stop() throws -> Step<Void> {
        let handover = try known()
        if try isCancelled() { return try giveUp(.cancelled) }
        guard try ports.tree.release(at: Layout.current) == handover.oldRelease else {
            throw ReleaseError("current does not name release \(handover.oldRelease), which the job was planned on")
        }
        if journal?.reading.records.contains(where: { $0.step == .stopIntended }) != true { try journal?.write(.stopIntended) }
        try ports.service.stopAgent()
        try takeStagedBack(handover)
        phase = .comparing(PackageComparison(handover, expected: try expectation(handover), ports: ports))
        return .again
    }

    /// An assembly that did not come to its end may have moved the package into the release; nothing of the release stays.
    private func takeStagedBack(_ handover: Handover) throws {
        let moved = Layout.software(handover.newRelease)
        if handover.plan.versions[.software] != nil, try ports.tree.entry(Layout.staged(ticket)) == nil, try ports.tree.entry(moved) != nil
        {
            try ports.tree.rename(moved, to: Layout.staged(ticket))
            // Otherwise the package could go with the release.
            try ports.tree.syncDirectory(Layout.job(ticket))
        }
        try ports.tree.removeTree(Layout.release(handover.newRelease))
    }

    /// One group, redone from its start after any interruption: a database copy older than the agent's last stop is never used.
    private mutating func switchOver() throws -> Step<Void> {
        let handover = try known()
        try ports.service.stopAgent()
        let links = ReleaseLinks(tree: ports.tree)
        if try ports.tree.release(at: Layout.current) != handover.newRelease {
            do {
                if !isHorizonSaved, let (agent, _) = try horizonJob() {
                    phase = .saving(try saving(agent))
                    return .again
                }
                try copyDatabase(handover)
            } catch {
                guard journal?.reading.isBeyondSwitch == true else { throw error }
                // The redone copy may find a full disk; the way back needs no space.
                rollBack(handover, "\(error)")
                return .again
            }
        }
        if journal?.reading.isBeyondSwitch != true {
            if try isCancelled() { return try giveUp(.cancelled) }
            try journal?.write(.switchIntended)
        }
        try links.switchTo(handover.newRelease)
        do {
            guard let packages = try newPackages(handover) else { return try switched(handover) }
            try countAttempt()
            phase = .bringingPackages(packages)
        } catch let error as ReleaseError {
            rollBack(handover, error.description)
        }
        return .again
    }

    mutating func switched(_ handover: Handover) throws -> Step<Void> {
        try journal?.write(.switched)
        phase = .hooking(try hooks(.afterInstall), then: .trial)
        return .again
    }

    private func copyDatabase(_ handover: Handover) throws {
        try ports.databases.copy(Layout.database(handover.oldRelease), to: Layout.database(handover.newRelease))
        try ports.tree.syncDirectory(Layout.release(handover.newRelease))
    }

    mutating func refuse(_ reason: String) throws -> Step<Void> {
        guard journal != nil else {
            ports.contact.giveBack(ticket, reason: reason)
            return .done(())
        }
        return try giveUp(.refused(reason: reason))
    }

    /// Ends the job before the switch: what was built goes, the agent comes back. The package goes back to where it was unpacked: an installer
    /// that is interrupted here finds the same reason again, not that something is missing.
    private mutating func giveUp(_ last: JournalRecord.Step) throws -> Step<Void> {
        try? ReleaseLinks(tree: ports.tree).clear()
        if let job, (try? isUnused(job.newRelease)) == true { try? takeStagedBack(job) }
        if let run = resuming() {
            phase = .givingUp(run, last)
            return .again
        }
        return try gaveUp(last)
    }

    mutating func gaveUp(_ last: JournalRecord.Step) throws -> Step<Void> {
        try journal?.write(last)
        try? ports.service.startAgent()
        ports.contact.nudge()
        return .done(())
    }

    // MARK: From the switch on

    private mutating func onTrial(_ trial: inout Trial) throws -> Step<Void> {
        let step = try journaled { journal in try trial.step(&journal) }
        phase = .trial(trial)
        switch step {
        case .done(.commit): phase = .committing
        case .done(.rollBack(let cause)): rollBack(try known(), cause)
        case .sleep(let time): return .sleep(time)
        case .again, .await: break
        }
        return .again
    }

    private mutating func commit() throws -> Step<Void> {
        let handover = try known()
        if journal?.reading.phase != .committing { try journal?.write(.commitIntended) }
        try ReleaseLinks(tree: ports.tree).commit(handover.newRelease)
        phase = .hooking(try hooks(.afterCommit), then: .committed)
        return .again
    }

    mutating func committed() throws -> Step<Void> {
        // After the final record nobody comes back here.
        try? ReleaseLinks(tree: ports.tree).clear()
        try journal?.write(.committed)
        ports.contact.nudge()
        return .done(())
    }

    mutating func rollBack(_ handover: Handover, _ cause: String, failed: Bool = false) {
        phase = .rollingBack(Rollback(handover, cause: cause, failed: failed, ports: ports))
    }

    private mutating func goBack(_ rollback: inout Rollback) throws -> Step<Void> {
        let step = try journaled { journal in try rollback.step(&journal) }
        phase = .rollingBack(rollback)
        return step
    }

    // MARK: Knowledge

    private mutating func journaled<Value>(_ body: (inout Journal) throws -> Value) throws -> Value {
        guard var open = journal else { throw ReleaseError("the journal of job \(ticket) is not open") }
        defer { journal = open }
        return try body(&open)
    }

    func known() throws -> Handover {
        guard let job else { throw ReleaseError("the plan of job \(ticket) was not read") }
        return job
    }

    private func isCancelled() throws -> Bool { try ports.tree.entry(Layout.cancel(ticket)) != nil }

    func strategy() throws -> InstallStrategy {
        if ports.horizon?.isManaged == true { return .script }
        guard let strategy = old?.descriptor?.strategy else { throw ReleaseError("the running release has no descriptor") }
        return strategy
    }

    private func expectation(_ handover: Handover) throws -> DescriptorRule.Expectation {
        guard let current = old?.descriptor else { throw ReleaseError("the running release has no descriptor") }
        let strategy = try strategy()
        return DescriptorRule.Expectation(
            name: strategy == .script ? HorizonAgent.word : current.name, version: handover.plan.versions[.software] ?? current.version,
            architecture: ports.settings.architecture, strategy: strategy, system: ports.settings.system, agentVersion: current.version)
    }

    /// Read from the release itself: an upgrade of configuration alone carries the old descriptor. One that cannot be read goes back.
    mutating func beginTrial(_ handover: Handover, starts: Int, wasReady: Bool) {
        do {
            let facts = try ReleaseFacts.read(handover.newRelease, in: ports.tree)
            var trial = Trial(handover, facts: facts, starts: starts, wasReady: wasReady, ports: ports)
            if let (agent, _) = try horizonJob() { trial.watch(agent, package: horizonPackage()) }
            phase = .trial(trial)
        } catch {
            rollBack(handover, "\(error)")
        }
    }
}
