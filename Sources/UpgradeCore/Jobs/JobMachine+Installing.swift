import UpgradeModel

/// While the installer has the job: only its journal moves it on. Source: install.md, "Who owns what".
extension JobMachine {
    static func handedOver(_ facts: JobFacts, _ handover: Handover, _ event: JobEvent, _ context: JobContext) -> Transition {
        switch event {
        case .matched, .published, .held, .released: return .unchanged
        case .unmatched: return cancelled(facts, handover, .vanish)
        case .chosen: return .rejected("an active job was chosen to start")
        case .planned, .nothingToDo, .fetched, .unpacked, .turnGranted, .procedureFailed: return .stale("the job is handed over")
        case .recorded(let ticket, let number, let record):
            return taken(ticket, number, handover) ?? recorded(facts, handover.having(number), .wait, record, cancelAsked: false)
        case .reclaimed(let ticket, let reason): return reclaimed(facts, handover, ticket, reason)
        case .woke(let moment):
            return moment == handover.deadline ? reclaim(.handedOver(facts, handover.later(context)), handover) : .unchanged
        case .reset: return cancelled(facts, handover, .wait)
        case .restarted:
            let handover = handover.resumed(context)
            return .moved(Move(.handedOver(facts, handover), effects: [.handOver(handover)]))
        }
    }

    static func cancelling(
        _ facts: JobFacts, _ handover: Handover, _ after: AfterCancel, _ event: JobEvent, _ context: JobContext
    ) -> Transition {
        switch event {
        case .published, .held, .released: return .unchanged
        case .matched: return after == .wait ? .unchanged : .moved(Move(.cancelling(facts, handover, .wait)))
        case .unmatched: return after == .vanish ? .unchanged : .moved(Move(.cancelling(facts, handover, .vanish)))
        case .chosen: return .rejected("an active job was chosen to start")
        case .planned, .nothingToDo, .fetched, .unpacked, .turnGranted, .procedureFailed: return .stale("the job is handed over")
        case .recorded(let ticket, let number, let record):
            return taken(ticket, number, handover) ?? recorded(facts, handover.having(number), after, record, cancelAsked: true)
        case .reclaimed(let ticket, _):
            return ticket == handover.ticket ? given(facts, handover, after) : .stale("another attempt was taken back")
        case .woke(let moment):
            return moment == handover.deadline
                ? reclaim(.cancelling(facts, handover.later(context), after), handover) : .unchanged
        case .reset: return .unchanged
        // The file may not have been written before the agent ended; the installer must be there to read it.
        case .restarted:
            let handover = handover.resumed(context)
            return .moved(
                Move(.cancelling(facts, handover, after), effects: [.requestCancel(handover.ticket), .handOver(handover)]))
        }
    }

    static func onTrial(_ facts: JobFacts, _ handover: Handover, _ event: JobEvent) -> Transition {
        switch event {
        case .matched, .woke, .restarted, .published, .held, .released: return .unchanged
        case .unmatched, .reset: return .rejected("requests are refused from switch-intended on")
        case .chosen: return .rejected("an active job was chosen to start")
        case .planned, .nothingToDo, .fetched, .unpacked, .turnGranted, .procedureFailed: return .stale("the job is handed over")
        case .recorded(let ticket, let number, let record):
            return taken(ticket, number, handover) ?? decided(facts, handover.having(number), record)
        case .reclaimed(let ticket, _): return takenBackLate(ticket, handover)
        }
    }

    static func rollingBack(_ facts: JobFacts, _ handover: Handover, _ cause: String, _ event: JobEvent) -> Transition {
        switch event {
        case .matched, .woke, .restarted, .published, .held, .released: return .unchanged
        case .unmatched, .reset: return .rejected("requests are refused from switch-intended on")
        case .chosen: return .rejected("an active job was chosen to start")
        case .planned, .nothingToDo, .fetched, .unpacked, .turnGranted, .procedureFailed: return .stale("the job is handed over")
        case .recorded(let ticket, let number, let record):
            return taken(ticket, number, handover) ?? goneBack(facts, handover.having(number), cause, record)
        case .reclaimed(let ticket, _): return takenBackLate(ticket, handover)
        }
    }

    static func rollbackFailed(_ facts: JobFacts, _ handover: Handover, _ cause: String, _ event: JobEvent) -> Transition {
        switch event {
        case .matched, .woke, .restarted, .published, .held, .released: return .unchanged
        case .unmatched, .reset: return .rejected("requests are refused from switch-intended on")
        case .chosen: return .rejected("an active job was chosen to start")
        case .planned, .nothingToDo, .fetched, .unpacked, .turnGranted, .procedureFailed: return .stale("the job is handed over")
        case .recorded(let ticket, let number, let record):
            return taken(ticket, number, handover) ?? recovered(facts, handover.having(number), cause, record)
        case .reclaimed(let ticket, _): return takenBackLate(ticket, handover)
        }
    }

    /// Asks the installer to stop; its answer, not ours, moves the job on.
    private static func cancelled(_ facts: JobFacts, _ handover: Handover, _ after: AfterCancel) -> Transition {
        .moved(
            Move(
                .cancelling(facts, handover, after), effects: [.requestCancel(handover.ticket)],
                note: "The installation is being cancelled."))
    }

    private static func reclaim(_ state: JobState, _ handover: Handover) -> Transition {
        .moved(Move(state, effects: [.reclaim(handover.ticket)]))
    }

    private static func reclaimed(_ facts: JobFacts, _ handover: Handover, _ ticket: Ticket, _ reason: String) -> Transition {
        guard ticket == handover.ticket else { return .stale("another attempt was taken back") }
        return endedMove(facts, .precheckFailed, reason, ticket: ticket)
    }

    /// Taking back looks at the journal under the install lock, so it cannot succeed beyond the switch.
    private static func takenBackLate(_ ticket: Ticket, _ handover: Handover) -> Transition {
        ticket == handover.ticket ? .rejected("a job was taken back after the switch") : .stale("another attempt was taken back")
    }

    /// The installer gave the job back untouched.
    static func given(_ facts: JobFacts, _ handover: Handover, _ after: AfterCancel) -> Transition {
        switch after {
        case .wait: rearmed(facts, ticket: handover.ticket)
        case .vanish: vanished(ticket: handover.ticket, reason: "the policy does not concern this node any more")
        }
    }
}

extension Handover {
    /// The same with a record taken in.
    func having(_ number: Int) -> Handover {
        var copy = self
        copy.lastRecord = number
        return copy
    }

    /// The same after a restart: time without power is not the installer's, and a clock that was set back gives it none.
    func resumed(_ context: JobContext) -> Handover {
        var copy = self
        let latest = context.now.adding(max(context.limits.handoverTime, .seconds(60)))
        copy.deadline = min(max(deadline, context.now.adding(.seconds(60))), latest)
        return copy
    }

    /// The same with a later look at the deadline: taking back may find the installer at work.
    func later(_ context: JobContext) -> Handover {
        var copy = self
        copy.deadline = context.now.adding(.seconds(60))
        return copy
    }
}
