import UpgradeModel

/// The life of one policy's job on one node: a pure, total function.
///
/// Outer switch over the state, inner switch over the event, no `default`: a new event stops the build in every state. Nothing is read
/// from the world. Source: architecture, "The machine"; contract 5.3 with the deviations that the handbook lists.
package enum JobMachine {
    /// What follows when `event` happens in `state`; a state of nil means that this node knows no job for the policy.
    package static func transition(_ state: JobState?, _ event: JobEvent, _ context: JobContext) -> Transition {
        switch state {
        case nil: unknown(event, context)
        case .waiting(let facts): waiting(facts, event, context)
        case .planning(let facts, let attempt): planning(facts, attempt, event, context)
        case .downloading(let facts, let attempt, let plan): downloading(facts, attempt, plan, event, context)
        case .unpacking(let facts, let attempt, let plan): unpacking(facts, attempt, plan, event, context)
        case .asking(let facts, let attempt, let plan, let refusal): asking(facts, attempt, plan, refusal, event, context)
        case .paused(let facts, let attempt, let pause): paused(facts, attempt, pause, event, context)
        case .handedOver(let facts, let handover): handedOver(facts, handover, event, context)
        case .cancelling(let facts, let handover, let after): cancelling(facts, handover, after, event, context)
        case .onTrial(let facts, let handover): onTrial(facts, handover, event)
        case .rollingBack(let facts, let handover, let cause): rollingBack(facts, handover, cause, event)
        case .rollbackFailed(let facts, let handover, let cause): rollbackFailed(facts, handover, cause, event)
        case .ended(let facts, let ending): ended(facts, ending, event, context)
        case .quarantined(let reason, let terms): quarantined(reason, terms, event, context)
        }
    }

    /// Procedures and installers of jobs that are gone may still answer; nothing else can reach a job that is not there.
    private static func unknown(_ event: JobEvent, _ context: JobContext) -> Transition {
        switch event {
        case .matched(let terms, let lastUpdated): firstMatch(terms, lastUpdated, context)
        case .unmatched, .restarted, .published, .held, .released: .unchanged
        case .planned, .nothingToDo, .fetched, .unpacked, .turnGranted, .procedureFailed: .stale("the job is gone")
        case .recorded, .reclaimed: .stale("the job is gone")
        case .chosen, .woke, .reset: .stale("the job is gone")
        }
    }

    private static func waiting(_ facts: JobFacts, _ event: JobEvent, _ context: JobContext) -> Transition {
        switch event {
        case .matched(let terms, let lastUpdated):
            if terms != facts.terms {
                scheduled(terms, lastUpdated, context, note: "The policy was changed; scheduled anew.")
            } else if facts.isBeyondWindow(at: context.now) {
                // A node would wait for as long as its clock was wrong.
                scheduled(
                    terms, lastUpdated, context, note: "The clock was set back; scheduled anew.", insists: facts.insists)
            } else {
                dated(facts, lastUpdated)
            }
        case .unmatched(let reason): vanished(ticket: nil, reason: reason)
        case .chosen: context.hold == nil ? begun(facts, context) : .stale("the node is held")
        case .planned, .nothingToDo, .fetched, .unpacked, .turnGranted, .procedureFailed: .stale("the attempt was given up")
        case .recorded, .reclaimed: .stale("the attempt was given up")
        // Said again to the exchange, where the word may still be `reset`.
        case .reset: rearmed(facts, ticket: nil)
        case .woke, .restarted, .published, .held, .released: .unchanged
        }
    }

    /// A job that was scheduled without the policy, after a lost record, learns when that was written: else it would not notice another one
    /// under its name.
    private static func dated(_ facts: JobFacts, _ lastUpdated: String?) -> Transition {
        guard facts.written == nil, let lastUpdated else { return .unchanged }
        var known = facts
        known.written = lastUpdated
        return .moved(Move(.waiting(known)))
    }

    private static func ended(_ facts: JobFacts, _ ending: Ending, _ event: JobEvent, _ context: JobContext) -> Transition {
        switch event {
        case .matched, .woke, .restarted, .held, .released: .unchanged
        case .published(let newest):
            RearmRule.isDue(latest: facts.latest, newest: newest, failed: context.failedVersions)
                ? rearmedByPublication(facts, newest, context) : .unchanged
        case .unmatched(let reason): vanished(ticket: nil, reason: reason)
        // An edit can end a waiting job (unreadable start) between the choice and its event.
        case .chosen: .stale("the job ended before it could start")
        case .planned, .nothingToDo, .fetched, .unpacked, .turnGranted, .procedureFailed: .stale("the job has ended")
        case .recorded, .reclaimed: .stale("the job has ended")
        case .reset: facts.terms.isStartReadable ? rearmed(facts, ticket: nil) : forgotten(note: "Reset: the start is read again.")
        }
    }

    private static func quarantined(_ reason: String, _ terms: JobTerms?, _ event: JobEvent, _ context: JobContext) -> Transition {
        switch event {
        case .matched(let seen, _): seen == terms ? .unchanged : stillQuarantined(reason, terms, seen, context)
        case .unmatched(let why): vanished(ticket: nil, reason: why)
        case .chosen: .rejected("a quarantined job was chosen to start")
        case .planned, .nothingToDo, .fetched, .unpacked, .turnGranted, .procedureFailed: .stale("the job's record was lost")
        case .recorded, .reclaimed: .stale("the job's record was lost")
        case .woke, .restarted, .published, .held, .released: .unchanged
        case .reset: forgiven(terms, context)
        }
    }

    /// A policy that this node sees for the first time, or that it must have forgotten with everything else.
    private static func firstMatch(_ terms: JobTerms, _ lastUpdated: String?, _ context: JobContext) -> Transition {
        guard let reason = context.memoryLost else {
            return scheduled(terms, lastUpdated, context, note: "New node management policy status created.")
        }
        return stillQuarantined(reason, nil, terms, context)
    }

    /// The first terms that are seen make the row reportable; an edit of known ones changes nothing that the exchange shows.
    private static func stillQuarantined(_ reason: String, _ terms: JobTerms?, _ seen: JobTerms, _ context: JobContext) -> Transition {
        let facts = JobFacts(terms: seen, scheduled: context.now)
        return .moved(Move(.quarantined(reason: reason, seen), owed: terms == nil ? [.status(.unknown, facts, reason: reason)] : []))
    }

    /// A person said that the policy may run after all.
    private static func forgiven(_ terms: JobTerms?, _ context: JobContext) -> Transition {
        guard let terms else { return forgotten(note: "Reset: the damaged record is dropped.") }
        return scheduled(terms, nil, context, note: "Reset: the damaged record is dropped.")
    }

    /// What is stored is no use for a new beginning: the row goes, and comes back as the policy is now.
    private static func forgotten(note: String) -> Transition {
        .moved(Move(nil, owed: [.deletion], effects: [.evaluate], note: note))
    }
}
