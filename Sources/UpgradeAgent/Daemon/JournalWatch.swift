import Logging
import Synchronization
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// What the installers' journals mean to the agent. Each job folder counts for itself: one that cannot be read keeps nobody from the others,
/// and leaves its own job as it is. Source: install.md, "Who owns what".
final class JournalWatch: Sendable {
    private let tree: any FileTree
    private let engine: Engine
    private let log: Logger
    /// Folders whose troubles were told and last, by how bad these are.
    private let told = Mutex<[Logger.Level: Set<String>]>([:])

    /// Looks into the state folder.
    init(tree: any FileTree, engine: Engine, log: Logger) {
        self.tree = tree
        self.engine = engine
        self.log = log
    }

    /// Takes in every record, and whether a trial is under way: then requests are refused and nothing is sent. True when that has just ended.
    /// Errors: the store's, or not even the names of the job folders can be read; then everything is as it was.
    func takeIn() throws -> Bool {
        let survey = try OpenJobs(tree: tree).survey()
        tell(
            .error,
            survey.unreadable.map { ticket, error in
                (ticket.text, "the journal of job \(ticket) cannot be read, the job stays as it is: \(error)")
            })
        for job in survey.jobs { try takeIn(job) }
        let wasRestricted = engine.snapshot.isRestricted
        let isRestricted = try isTrial(survey)
        engine.restrict(isRestricted)
        return wasRestricted && !isRestricted
    }

    /// True while the job is the agent's to end: nothing was switched, and there is no outcome. Where the journal cannot be read, the links
    /// tell whether its release runs. Errors: as the tree's.
    func isUntouched(_ ticket: Ticket) throws(FileError) -> Bool {
        guard let state = state(of: ticket), let handover = state.handover, !state.isBeyondSwitch else { return false }
        do throws(FileError) {
            return try Journal.look(Layout.journal(ticket), in: tree).map { !$0.isBeyondSwitch && !$0.isFinal } ?? true
        } catch {
            return try tree.release(at: Layout.current) == handover.oldRelease
        }
    }

    /// Removes the folders of attempts that no job knows, unless an installer is still at work there. What cannot be read may be anything: it
    /// stays, and so does what cannot be removed just now. True when nothing stays.
    func removeOrphans() -> Bool {
        guard let names = jobFolders() else { return false }
        var isDone = true
        var left: [(folder: String, trouble: String)] = []
        let known = Set(engine.snapshot.jobs.values.compactMap(\.ticket))
        for name in names {
            let ticket = Ticket(name)
            if let ticket, known.contains(ticket) { continue }
            do {
                if let ticket, try isAtWork(ticket) {
                    isDone = false
                } else {
                    try tree.removeTree(Layout.jobs.appending(name))
                }
            } catch { left.append((name, "a job folder that no job knows stays: \(name): \(error)")) }
        }
        tell(.warning, left)
        return isDone && left.isEmpty
    }

    /// Nil when nobody can say just now.
    private func jobFolders() -> [String]? {
        do { return try tree.list(Layout.jobs) } catch { return error.kind == .missing ? [] : nil }
    }

    /// A record that a power cut could still take is no news: another one could take its place, and its number.
    private func takeIn(_ job: OpenJobs.Job) throws {
        let snapshot = engine.snapshot
        guard let policy = snapshot.policy(of: job.ticket), let known = snapshot.jobs[policy]?.handover?.lastRecord else { return }
        let news = job.reading.records.filter { $0.number > known && $0.event != nil }
        if !news.isEmpty { try Journal.settle(Layout.journal(job.ticket), in: tree) }
        for record in news {
            guard let event = record.event else { continue }
            let found = record.isFinal ? HealthFile.read(job.ticket, in: tree) : nil
            try engine.handle(
                policy, .recorded(job.ticket, number: record.number, event), at: record.at,
                with: HealthFile.changes(found, policy, isGood: record.step == .committed))
        }
    }

    /// By the journals; by what was taken in before, where they cannot be read any more; and by the links, for an agent that never read them.
    private func isTrial(_ survey: OpenJobs.Survey) throws(FileError) -> Bool {
        if survey.jobs.contains(where: { $0.reading.isBeyondSwitch }) { return true }
        if survey.unreadable.contains(where: { state(of: $0.ticket)?.isBeyondSwitch == true }) { return true }
        return try ReleaseLinks(tree: tree).uncommitted() != nil
    }

    /// True while the journal has a beginning and no end. Errors: it cannot be read, and may be anything.
    func isAtWork(_ ticket: Ticket) throws(FileError) -> Bool {
        try Journal.look(Layout.journal(ticket), in: tree).map { !$0.isFinal && !$0.records.isEmpty } ?? false
    }

    private func state(of ticket: Ticket) -> JobState? { engine.snapshot.jobs.values.first { $0.ticket == ticket } }

    /// The trouble of each folder once, for as long as it lasts.
    private func tell(_ level: Logger.Level, _ present: [(folder: String, trouble: String)]) {
        let known = told.withLock { $0.updateValue(Set(present.map(\.folder)), forKey: level) } ?? []
        for (folder, trouble) in present where !known.contains(folder) { log.log(level: level, "\(trouble)") }
    }
}
