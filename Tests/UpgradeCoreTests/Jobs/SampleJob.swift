import Testing
import UpgradeCore
import UpgradeModel

/// A policy's job in a story: events go in, words and effects pile up, and every step keeps the rules.
struct SampleJob {
    var state: JobState?
    var context: JobContext
    /// Every word that the exchange was told, in order.
    var words: [Status] = []
    /// The last reason that went with a word.
    var reason = ""
    var deletions = 0
    var softwareVersions = 0
    var effects: [JobEffect] = []
    /// The last answer.
    var answer = Transition.unchanged
    private var records = 0
    private var tickets: UInt64 = 0

    static let terms = JobTerms(manifest: "org/m", allowDowngrade: false, start: "now", startWindow: 0)
    static func terms(window: Int) -> JobTerms {
        JobTerms(manifest: "org/m", allowDowngrade: false, start: "now", startWindow: window)
    }
    static let plan = JobPlan(versions: [.software: "2.0.0"], files: [])
    static let beginning = UTCInstant(secondsSinceEpoch: 1_800_000_000)

    init() {
        context = JobContext(
            now: SampleJob.beginning, freshTicket: Ticket(high: 0, low: 1), chance: 0, currentRelease: 4, freshRelease: 7,
            limits: JobLimits())
    }

    mutating func send(_ event: JobEvent, _ here: SourceLocation = #_sourceLocation) {
        tickets += 1
        context.freshTicket = Ticket(high: 7, low: tickets)
        answer = JobMachine.transition(state, event, context)
        let found = JobInvariants.violations(state, event, answer)
        #expect(found.isEmpty, "\(event) while \(StateTable.title(state).text)", sourceLocation: here)
        guard case .moved(let move) = answer else { return }
        state = move.state
        words += move.owed.words
        reason = move.owed.lastStatus?.reason ?? reason
        deletions += move.owed.count { $0 == .deletion }
        softwareVersions += move.owed.count { $0 == .softwareVersions }
        effects += move.effects
    }

    mutating func match(_ terms: JobTerms = SampleJob.terms) { send(.matched(terms, lastUpdated: nil)) }

    /// The installer writes its next record.
    mutating func record(_ record: InstallerRecord) {
        records += 1
        send(.recorded(ticket, number: records, record))
    }

    mutating func fail(_ kind: ProcedureFailure.Kind, _ reason: String = "no route to the hub") {
        send(.procedureFailed(run, ProcedureFailure(kind, reason)))
    }

    /// Time passes up to the job's own wake-up.
    mutating func sleep() {
        context.now = state?.wake ?? context.now
        wakeUp()
    }

    /// The job's own wake-up comes, whatever the clock says.
    mutating func wakeUp() { send(.woke(state?.wake ?? context.now)) }

    mutating func pass(_ duration: Duration) { context.now = context.now.adding(duration) }

    var run: RunID { state?.presentRun ?? RunID(ticket: ticket, run: 0) }
    var ticket: Ticket { state?.ticket ?? Ticket(high: 0, low: 0) }
    var title: String { StateTable.title(state).text }
}

/// Jobs that have come some way already.
extension SampleJob {
    static var waiting: SampleJob {
        var job = SampleJob()
        job.match()
        return job
    }

    static var planning: SampleJob {
        var job = SampleJob.waiting
        job.send(.chosen)
        return job
    }

    static var downloading: SampleJob {
        var job = SampleJob.planning
        job.send(.planned(job.run, plan))
        return job
    }

    static var unpacking: SampleJob {
        var job = SampleJob.downloading
        job.send(.fetched(job.run))
        return job
    }

    static var asking: SampleJob {
        var job = SampleJob.unpacking
        job.send(.unpacked(job.run))
        return job
    }

    static var handedOver: SampleJob {
        var job = SampleJob.asking
        job.send(.turnGranted(job.run, group: nil))
        return job
    }

    static var onTrial: SampleJob {
        var job = SampleJob.handedOver
        job.record(.switchIntended)
        job.record(.switched)
        return job
    }

    static var rollingBack: SampleJob {
        var job = SampleJob.onTrial
        job.record(.rollbackIntended(cause: "it was not ready", at: job.context.now))
        return job
    }
}
