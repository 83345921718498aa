import UpgradeModel

/// What a job does, or waits to do, in a state.
struct OperationWork {
    /// The record's name: one for each run of a procedure, one for all questions for a turn, and one for each stage of an installation.
    let id: String
    let activity: Operation.Activity
    /// Nil before an attempt begins.
    let ticket: Ticket?
    let stage: Operation.Stage
    let details: String

    private init(_ ticket: Ticket, _ name: String, _ activity: Operation.Activity, _ stage: Operation.Stage, _ details: String = "") {
        (id, self.ticket, self.activity, self.stage, self.details) = ("\(ticket.text)-\(name)", ticket, activity, stage, details)
    }

    private init(_ run: RunID, _ activity: Operation.Activity) { self.init(run.ticket, "\(run.run)", activity, .running) }

    /// Nil when nothing is done before somebody or the calendar says so.
    /// - Parameter now: part of the name of a start that was not waited for before.
    init?(_ policy: PolicyID, _ state: JobState?, _ event: JobEvent, _ open: [Operation], at now: UTCInstant) {
        switch state {
        case nil, .ended, .quarantined: return nil
        case .waiting(let facts): self.init(policy, facts, open, now)
        case .planning(_, let attempt): self.init(attempt.runID, .plan)
        case .downloading(_, let attempt, _): self.init(attempt.runID, .download)
        case .unpacking(_, let attempt, _): self.init(attempt.runID, .unpack)
        case .asking(_, let attempt, _, let refusal): self.init(attempt.ticket, "turn", .turn, .running, refusal ?? "")
        case .paused(_, let attempt, let pause): self.init(attempt, pause)
        case .handedOver(_, let handover): self.init(handover.ticket, "install", .install, .queued, "handed over to the installer")
        case .cancelling(_, let handover, _): self.init(handover.ticket, "install", .install, .queued, "is being cancelled")
        case .onTrial(_, let handover): self.init(trial: handover.ticket, event, open)
        case .rollingBack(_, let handover, let cause): self.init(handover.ticket, "rollback", .rollback, .running, cause)
        case .rollbackFailed(_, let handover, let cause):
            self.init(handover.ticket, "recover", .rollback, .running, "the installer keeps trying the old version: \(cause)")
        }
    }

    /// Each start that is drawn is a piece of work of its own: an edit draws another one, and a reset waits for the same one anew.
    private init(_ policy: PolicyID, _ facts: JobFacts, _ open: [Operation], _ now: UTCInstant) {
        let name = "start-\(policy)-\(facts.scheduled.rfc3339(fractionDigits: 9))-"
        id = open.first { $0.id.hasPrefix(name) }?.id ?? name + now.rfc3339(fractionDigits: 9)
        (ticket, activity, stage, details) = (nil, .start, .queued, "may start at \(facts.scheduled.rfc3339())")
    }

    /// The next try, which has a number already.
    private init(_ attempt: Attempt, _ pause: Pause) {
        let details = "next try at \(pause.nextTry.rfc3339()): \(pause.reason)"
        let next = "\(attempt.run + 1)"
        switch pause.phase {
        case .planning: self.init(attempt.ticket, next, .plan, .queued, details)
        case .downloading: self.init(attempt.ticket, next, .download, .queued, details)
        case .unpacking: self.init(attempt.ticket, next, .unpack, .queued, details)
        case .asking: self.init(attempt.ticket, "turn", .turn, .queued, details)
        }
    }

    /// The switch is made first, and then the new release proves itself; a second proof goes on with the first one's record.
    private init(trial ticket: Ticket, _ event: JobEvent, _ open: [Operation]) {
        let isProving = open.contains { $0.activity == .health && $0.ticket == ticket }
        if case .recorded(_, _, .switched) = event {
            self.init(ticket, "health", .health, .running)
        } else if isProving {
            self.init(ticket, "health", .health, .running)
        } else {
            self.init(ticket, "install", .install, .running)
        }
    }
}

/// What an event means for the work that it ends.
enum OperationEnd {
    static func of(_ activity: Operation.Activity, _ event: JobEvent) -> (Operation.Stage, String) {
        switch event {
        case .planned(_, let plan, _): (.completed, "\(plan.files.count) files, \(plan.totalLength) bytes")
        case .nothingToDo(_, let reason, _, _): (.completed, reason)
        case .fetched, .unpacked: (.completed, "")
        case .turnGranted(_, let group): (.completed, group.map { "the turn of group \($0)" } ?? "the node is in no group")
        case .procedureFailed(_, let failure): (.exception, failure.reason)
        case .woke: (.exception, "no answer within the time for one run")
        case .recorded(_, _, let record): of(record)
        case .reclaimed(_, let reason): (.exception, reason)
        case .unmatched(let reason), .held(let reason): (.stopped, reason)
        case .reset: (.stopped, "reset")
        case .restarted: (.stopped, "the agent was restarted")
        case .matched: (.stopped, "the policy was changed")
        case .chosen: (.completed, "")
        case .published, .released: (.stopped, "")
        }
    }

    private static func of(_ record: InstallerRecord) -> (Operation.Stage, String) {
        switch record {
        case .cancelled: (.stopped, "cancelled before the switch")
        case .refused(let reason): (.exception, reason)
        case .switchIntended, .switched, .committed, .rolledBack: (.completed, "")
        case .rollbackIntended(let cause, _), .rollbackFailed(let cause, _): (.exception, cause)
        }
    }
}
