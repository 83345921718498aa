import UpgradeCore
import UpgradeModel
import UpgradePorts

/// What an installer finds of its job, and where it goes on. Source: install.md, "After an interruption".
extension Installer {
    /// The journal first: it alone says how far the job is, and it names the releases that the way back needs.
    mutating func open() throws -> Step<Void> {
        var trouble = "the records of the switch are gone from the journal"
        do {
            journal = try Journal.open(Layout.journal(ticket), in: ports.tree, clock: ports.clock, observer: ports.observer)
        } catch {
            trouble = "the journal of the job cannot be read: \(error)"
            guard try switched() != nil else {
                ports.contact.giveBack(ticket, reason: trouble)
                return .done(())
            }
        }
        let (path, tree) = (Layout.journal(ticket), ports.tree)
        try journal?.settle(path, in: tree)
        let reading = journal?.reading ?? JournalReading([])
        if reading.isFinal { return .done(()) }
        if !reading.isBeyondSwitch, let releases = try switched() { return try goBackUnrecorded(releases, trouble) }
        if reading.records.isEmpty { return try begin() }
        do {
            job = try HandoverDocument.read(ticket, in: ports.tree).handover
        } catch {
            return try enterWithoutPlan(reading, "the plan of the job cannot be read: \(error)")
        }
        return try enter(reading.phase)
    }

    private mutating func begin() throws -> Step<Void> {
        guard try ports.tree.entry(Layout.plan(ticket)) != nil else { return .done(()) }
        let handover = try HandoverDocument.read(ticket, in: ports.tree).handover
        job = handover
        do { if journal == nil { journal = try newJournal() } } catch {
            ports.contact.giveBack(ticket, reason: "the installer's journal cannot be made: \(error)")
            return .done(())
        }
        try journal?.write(.begun(oldRelease: handover.oldRelease, newRelease: handover.newRelease, format: Journal.format))
        return try enter(.preparing)
    }

    private mutating func enter(_ found: JournalReading.Phase) throws -> Step<Void> {
        let handover = try known()
        switch found {
        case .preparing:
            try checkPlan(handover)
            old = try ReleaseFacts.read(handover.oldRelease, in: ports.tree)
            phase = try packagesToFinish(handover).map { .finishingPackages($0) } ?? beforeStop()
        case .switching: phase = .switching
        case .trial(starts: 0, wasReady: false): phase = .hooking(try hooks(.afterInstall), then: .trial)
        case .trial(let starts, let wasReady): beginTrial(handover, starts: starts, wasReady: wasReady)
        case .committing: phase = .committing
        case .rollingBack(let cause, let failed): rollBack(handover, cause, failed: failed)
        case .final: return .done(())
        }
        return .again
    }

    /// Nobody can judge the new release any more: it goes back, unless only the last step of its commit is missing.
    private mutating func enterWithoutPlan(_ reading: JournalReading, _ trouble: String) throws -> Step<Void> {
        guard let releases = reading.releases else { throw ReleaseError(trouble) }
        let handover = empty(releases)
        job = handover
        switch reading.phase {
        case .preparing: throw ReleaseError(trouble)
        case .switching, .trial: rollBack(handover, trouble)
        case .committing, .rollingBack, .final: return try enter(reading.phase)
        }
        return .again
    }

    /// Old and new release, where the links say that this job has switched and was neither committed nor rolled back.
    func switched() throws(FileError) -> (old: Int, new: Int)? {
        guard let trial = try ReleaseLinks(tree: ports.tree).uncommitted(), trial.ticket == ticket else { return nil }
        return (trial.old, trial.new)
    }

    /// Nobody can tell how far the trial is: a new journal says what is certain, and the new release goes back. What is left of the old one
    /// must not follow the new records.
    private mutating func goBackUnrecorded(_ releases: (old: Int, new: Int), _ trouble: String) throws -> Step<Void> {
        journal = try newJournal()
        try journal?.write(.begun(oldRelease: releases.old, newRelease: releases.new, format: Journal.format))
        try journal?.write(.switchIntended)
        let handover = empty(releases)
        job = handover
        rollBack(handover, trouble)
        return .again
    }

    private func newJournal() throws(FileError) -> Journal {
        try Journal.create(Layout.journal(ticket), in: ports.tree, clock: ports.clock, observer: ports.observer)
    }

    /// All that is known without a plan; enough for the way back and for the last step of a commit.
    private func empty(_ releases: (old: Int, new: Int)) -> Handover {
        Handover(
            ticket: ticket, plan: JobPlan(versions: [:], files: []), oldRelease: releases.old, newRelease: releases.new,
            deadline: ports.clock.now())
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
}
