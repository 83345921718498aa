import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Installs one handed-over job, or finishes or undoes what an interruption left: the same code for `install` and `recover`, told by the
/// journal alone. The caller holds the install lock. Source: install.md, whole.
package struct Installer {
    private enum Phase {
        case opening
        case stopping
        case comparing(PackageComparison)
        case assembling(ReleaseAssembly)
        case switching
        case trial(Trial)
        case committing
        case rollingBack(Rollback)
    }

    private let ticket: Ticket
    private let ports: InstallPorts
    private var phase = Phase.opening
    private var job: Handover?
    private var old: ReleaseFacts?
    private var journal: Journal?

    /// For the job of this ticket.
    package init(ticket: Ticket, ports: InstallPorts) {
        self.ticket = ticket
        self.ports = ports
    }

    /// One bounded piece of work; done when a final record is written or there is no such job. Errors: when a step has to be repeated by a
    /// fresh process. Before the switch every error but one ends the job by itself: without a supervisor nothing can be said about the package.
    package mutating func step() throws -> Step<Void> {
        guard journal?.reading.isBeyondSwitch != true else { return try advance() }
        do {
            return try advance()
        } catch {
            guard journal?.reading.isBeyondSwitch != true, !(error is ServiceFailure) else { throw error }
            return try refuse("\(error)")
        }
    }

    private mutating func advance() throws -> Step<Void> {
        switch phase {
        case .opening: return try open()
        case .stopping: return try stop()
        case .comparing(var comparison):
            let step = try comparison.step()
            phase = .comparing(comparison)
            guard case .done(let result) = step else { return .again }
            phase = .assembling(ReleaseAssembly(try known(), compared: result, strategy: try strategy(), ports: ports))
        case .assembling(var assembly):
            let step = try assembly.step()
            phase = .assembling(assembly)
            if case .done = step { phase = .switching }
        case .switching: return try switchOver()
        case .trial(var trial): return try onTrial(&trial)
        case .committing: return try commit()
        case .rollingBack(var rollback): return try goBack(&rollback)
        }
        return .again
    }

    // MARK: Before the switch

    private mutating func open() throws -> Step<Void> {
        guard try ports.tree.entry(Layout.plan(ticket)) != nil else { return .done(()) }
        let handover = try HandoverDocument.read(ticket, in: ports.tree).handover
        job = handover
        do {
            journal = try Journal.open(Layout.journal(ticket), in: ports.tree, clock: ports.clock, observer: ports.observer)
            if journal == nil {
                journal = try Journal.create(Layout.journal(ticket), in: ports.tree, clock: ports.clock, observer: ports.observer)
            }
        } catch {
            ports.contact.giveBack(ticket, reason: "the installer's journal cannot be made: \(error)")
            return .done(())
        }
        if journal?.reading.records.isEmpty == true {
            try journal?.write(.begun(oldRelease: handover.oldRelease, newRelease: handover.newRelease, format: Journal.format))
        }
        return try enter(handover)
    }

    private mutating func enter(_ handover: Handover) throws -> Step<Void> {
        switch journal?.reading.phase {
        case nil, .preparing:
            try checkPlan(handover)
            old = try ReleaseFacts.read(handover.oldRelease, in: ports.tree)
            phase = .stopping
        case .switching: phase = .switching
        case .trial(let starts, let wasReady): beginTrial(handover, starts: starts, wasReady: wasReady)
        case .committing: phase = .committing
        case .rollingBack(let cause, let failed): phase = .rollingBack(Rollback(handover, cause: cause, failed: failed, ports: ports))
        case .final: return .done(())
        }
        return .again
    }

    /// What would overwrite a release in use, or install what no file is compared for, ends here.
    private func checkPlan(_ handover: Handover) throws {
        guard handover.newRelease > handover.oldRelease, try isUnused(handover.newRelease) else {
            throw ReleaseError(
                "the plan builds release \(handover.newRelease), which is in use or older than release \(handover.oldRelease)")
        }
        let promised = handover.plan.versions.map { "\($0.key.rawValue) \($0.value)" }.sorted()
        let brought = handover.plan.files.map { "\($0.component.rawValue) \($0.version)" }.sorted()
        guard promised == brought, !promised.isEmpty else {
            throw ReleaseError("the plan promises \(promised) and brings \(brought): expected one file for each component")
        }
    }

    private func isUnused(_ release: Int) throws(FileError) -> Bool {
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

    /// An interrupted assembly may have moved the package into the release; it begins anew.
    private func takeStagedBack(_ handover: Handover) throws {
        let moved = Layout.software(handover.newRelease)
        if handover.plan.versions[.software] != nil, try ports.tree.entry(Layout.staged(ticket)) == nil, try ports.tree.entry(moved) != nil
        {
            try ports.tree.rename(moved, to: Layout.staged(ticket))
        }
        try ports.tree.removeTree(Layout.release(handover.newRelease))
    }

    /// One group, redone from its start after any interruption: a database copy older than the agent's last stop is never used.
    private mutating func switchOver() throws -> Step<Void> {
        let handover = try known()
        try ports.service.stopAgent()
        let links = ReleaseLinks(tree: ports.tree)
        if try ports.tree.release(at: Layout.current) != handover.newRelease {
            do { try copyDatabase(handover) } catch {
                guard journal?.reading.isBeyondSwitch == true else { throw error }
                // The redone copy may find a full disk; the way back needs no space.
                phase = .rollingBack(Rollback(handover, cause: "\(error)", failed: false, ports: ports))
                return .again
            }
        }
        if journal?.reading.isBeyondSwitch != true {
            if try isCancelled() { return try giveUp(.cancelled) }
            try journal?.write(.switchIntended)
        }
        try links.switchTo(handover.newRelease)
        try journal?.write(.switched)
        beginTrial(handover, starts: 0, wasReady: false)
        return .again
    }

    private func copyDatabase(_ handover: Handover) throws {
        try ports.databases.copy(Layout.database(handover.oldRelease), to: Layout.database(handover.newRelease))
        try ports.tree.syncDirectory(Layout.release(handover.newRelease))
    }

    private mutating func refuse(_ reason: String) throws -> Step<Void> {
        guard journal != nil else {
            ports.contact.giveBack(ticket, reason: reason)
            return .done(())
        }
        return try giveUp(.refused(reason: reason))
    }

    /// Ends the job before the switch: what was built goes, the agent comes back.
    private mutating func giveUp(_ last: JournalRecord.Step) throws -> Step<Void> {
        try? ReleaseLinks(tree: ports.tree).clear()
        if let job, (try? isUnused(job.newRelease)) == true { try? ports.tree.removeTree(Layout.release(job.newRelease)) }
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
        case .done(.rollBack(let cause)): phase = .rollingBack(Rollback(try known(), cause: cause, failed: false, ports: ports))
        case .sleep(let time): return .sleep(time)
        case .again, .await: break
        }
        return .again
    }

    private mutating func commit() throws -> Step<Void> {
        let handover = try known()
        if journal?.reading.phase != .committing { try journal?.write(.commitIntended) }
        let links = ReleaseLinks(tree: ports.tree)
        try links.commit(handover.newRelease)
        // After the final record nobody comes back here.
        try? links.clear()
        try journal?.write(.committed)
        ports.contact.nudge()
        return .done(())
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

    private func known() throws -> Handover {
        guard let job else { throw ReleaseError("the plan of job \(ticket) was not read") }
        return job
    }

    private func isCancelled() throws -> Bool { try ports.tree.entry(Layout.cancel(ticket)) != nil }

    private func strategy() throws -> InstallStrategy {
        guard let strategy = old?.descriptor?.strategy else { throw ReleaseError("the running release has no descriptor") }
        return strategy
    }

    private func expectation(_ handover: Handover) throws -> DescriptorRule.Expectation {
        guard let current = old?.descriptor else { throw ReleaseError("the running release has no descriptor") }
        return DescriptorRule.Expectation(
            name: current.name, version: handover.plan.versions[.software] ?? current.version, architecture: ports.settings.architecture,
            strategy: current.strategy)
    }

    /// Read from the release itself: an upgrade of configuration alone carries the old descriptor. One that cannot be read goes back.
    private mutating func beginTrial(_ handover: Handover, starts: Int, wasReady: Bool) {
        do {
            let facts = try ReleaseFacts.read(handover.newRelease, in: ports.tree)
            phase = .trial(Trial(handover, facts: facts, starts: starts, wasReady: wasReady, ports: ports))
        } catch {
            phase = .rollingBack(Rollback(handover, cause: error.description, failed: false, ports: ports))
        }
    }
}
