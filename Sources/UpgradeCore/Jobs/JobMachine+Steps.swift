import UpgradeModel

/// The moves that several states share.
extension JobMachine {
    /// First sight, or an edit while waiting: the start is parsed and drawn. An unparsable start ends the job (deviation: the reference
    /// starts at once).
    static func scheduled(
        _ terms: JobTerms, _ lastUpdated: String?, _ context: JobContext, note: String, insists: Bool? = nil
    ) -> Transition {
        do {
            let start = try ScheduleRule.start(terms.start, now: context.now, lastUpdated: lastUpdated)
            let delay = ScheduleRule.delay(windowSeconds: terms.startWindow, chance: context.chance)
            var facts = JobFacts(terms: terms, scheduled: start.adding(delay), written: lastUpdated)
            facts.insists = insists
            return .moved(Move(.waiting(facts), owed: [.status(.waiting, facts, reason: "")], note: note))
        } catch {
            let facts = JobFacts(terms: terms, scheduled: context.now, written: lastUpdated)
            return endedMove(facts, .precheckFailed, error.explanation, ticket: nil)
        }
    }

    /// The attempt begins.
    static func begun(_ facts: JobFacts, _ context: JobContext) -> Transition {
        let attempt = Attempt(ticket: context.freshTicket, deadline: context.now.adding(context.limits.runTime))
        return .moved(
            Move(
                .planning(facts, attempt), owed: [.status(.downloadStarted, facts, reason: "")],
                effects: [.plan(attempt.runID, facts.terms)]))
    }

    /// Something newer is offered: waiting again, with a new start once the old one has passed.
    static func rearmedByPublication(_ facts: JobFacts, _ newest: PerComponent<String>, _ context: JobContext) -> Transition {
        var fresh = facts.rearmed
        if fresh.scheduled <= context.now {
            fresh.scheduled = context.now.adding(ScheduleRule.delay(windowSeconds: facts.terms.startWindow, chance: context.chance))
        }
        let offered = facts.latest.keys.sorted { $0.rawValue < $1.rawValue }.map { "\($0.rawValue) \(newest[$0])" }
        return .moved(
            Move(
                .waiting(fresh), owed: [.status(.waiting, fresh, reason: "")], effects: [.evaluate],
                note: "Newer versions are offered: \(offered.joined(separator: ", "))."))
    }

    /// The job is over. What came meanwhile for a job that follows `latest` is looked at now.
    static func endedMove(_ facts: JobFacts, _ outcome: Ending.Outcome, _ reason: String, ticket: Ticket?) -> Transition {
        .moved(
            Move(
                .ended(facts, Ending(outcome, reason: reason)), owed: [.status(outcome.status, facts, reason: reason)],
                effects: (ticket.map { [.removeFolder($0)] } ?? []) + (facts.latest.isEmpty ? [] : [.evaluate])))
    }

    /// The policy does not concern this node any more: the row goes on both sides.
    static func vanished(ticket: Ticket?, reason: String) -> Transition {
        .moved(
            Move(
                nil, owed: [.deletion], effects: ticket.map { [.stopProcedure($0), .removeFolder($0)] } ?? [],
                note: "Removing node management status: \(reason)."))
    }

    /// Reset: waiting again, with the schedule that it had, everything else forgotten. The policy is read anew before it starts: a person
    /// who mended it and then reset it must get what it says now.
    static func rearmed(_ facts: JobFacts, ticket: Ticket?) -> Transition {
        var fresh = facts.rearmed
        fresh.insists = true
        let ended: [JobEffect] = ticket.map { [.stopProcedure($0), .removeFolder($0)] } ?? []
        return .moved(
            Move(
                .waiting(fresh), owed: [.status(.waiting, fresh, reason: "")], effects: ended + [.evaluate], note: "Reset."))
    }

    /// The same phase again, as a new run. Restarts are no failed tries, yet they are bounded.
    static func resumed(_ facts: JobFacts, _ attempt: Attempt, _ phase: Pause.Phase, _ context: JobContext) -> Transition {
        guard phase.isAsking || attempt.run < context.limits.runsMax else {
            let reason = "given up after \(attempt.run) runs: the agent was restarted too often meanwhile"
            return endedMove(facts, outcomeWhenSpent(phase), reason, ticket: attempt.ticket)
        }
        let next = attempt.next(deadline: context.now.adding(context.limits.runTime))
        switch phase {
        case .planning:
            return .moved(Move(.planning(facts, next), effects: [.plan(next.runID, facts.terms)]))
        case .downloading(let plan):
            return .moved(Move(.downloading(facts, next, plan), effects: [.fetch(next.runID, plan)]))
        case .unpacking(let plan):
            return .moved(Move(.unpacking(facts, next, plan), effects: [.unpack(next.runID, plan)]))
        case .asking(let plan, let refusal):
            return .moved(Move(.asking(facts, next, plan, refusal: refusal), effects: [.askTurn(next.runID)]))
        }
    }

    /// A procedure failed: try again later, or end. `install.md`, "Which word".
    static func failed(
        _ facts: JobFacts, _ attempt: Attempt, _ phase: Pause.Phase, _ failure: ProcedureFailure, _ context: JobContext
    ) -> Transition {
        switch (phase, failure.kind) {
        case (_, .notYet): return unready(facts, attempt, phase, failure.reason, context)
        case (.asking(let plan, let known), _): return refused(facts, attempt, plan, known, failure.reason, context)
        case (_, .final(let outcome)):
            return endedMove(facts, outcome, failure.reason, ticket: attempt.ticket)
        case (_, .distrusted) where attempt.distrusts > 0:
            return endedMove(facts, outcomeWhenDistrusted(phase), failure.reason, ticket: attempt.ticket)
        case (_, .distrusted):
            var again = attempt
            again.distrusts += 1
            return postponed(facts, again, phase, failure.reason, retryAfter: nil, context)
        case (_, .transient(let retryAfter)):
            return postponed(facts, attempt, phase, failure.reason, retryAfter: retryAfter, context)
        }
    }

    /// The node itself is not ready. Who asked its group before is not waiting for that now, and the exchange hears so.
    private static func unready(
        _ facts: JobFacts, _ attempt: Attempt, _ phase: Pause.Phase, _ reason: String, _ context: JobContext
    ) -> Transition {
        guard case .asking(let plan, let refusal) = phase else {
            return postponed(facts, attempt, phase, reason, retryAfter: nil, spent: .precheckFailed, context)
        }
        let answer = postponed(facts, attempt, .asking(plan, refusal: nil), reason, retryAfter: nil, spent: .precheckFailed, context)
        guard case .moved(var move) = answer, let next = move.state, refusal != nil, move.owed.isEmpty else { return answer }
        move.owed = [.status(next.status, facts, reason: next.message)]
        return .moved(move)
    }

    private static func postponed(
        _ facts: JobFacts, _ attempt: Attempt, _ phase: Pause.Phase, _ reason: String, retryAfter: Duration?,
        spent: Ending.Outcome? = nil, _ context: JobContext
    ) -> Transition {
        var attempt = attempt
        attempt.failures += 1
        let delay = RetryRule.delay(failures: attempt.failures, retryAfter: retryAfter, chance: context.chance, limits: context.limits)
        attempt.waitedSeconds += delay / .seconds(1)
        if RetryRule.isSpent(failures: attempt.failures, waited: .seconds(attempt.waitedSeconds), limits: context.limits) {
            let tries = attempt.failures == 1 ? "1 try" : "\(attempt.failures) tries"
            return endedMove(facts, spent ?? outcomeWhenSpent(phase), "given up after \(tries): \(reason)", ticket: attempt.ticket)
        }
        let next = context.now.adding(delay)
        return .moved(
            Move(
                .paused(facts, attempt, Pause(phase: phase, nextTry: next, reason: reason)),
                note: "Try \(attempt.failures) failed: \(reason). Next try at \(next.rfc3339())."))
    }

    /// Not this node's turn, or nobody there to say so: asked again, for as long as it takes, and no try is used up.
    private static func refused(
        _ facts: JobFacts, _ attempt: Attempt, _ plan: JobPlan, _ known: String?, _ reason: String, _ context: JobContext
    ) -> Transition {
        let pause = Pause(
            phase: .asking(plan, refusal: reason), nextTry: context.now.adding(context.limits.turnPause), reason: reason)
        return .moved(
            Move(.paused(facts, attempt, pause), owed: reason == known ? [] : [.status(.haNodeWaiting, facts, reason: reason)]))
    }

    private static func outcomeWhenDistrusted(_ phase: Pause.Phase) -> Ending.Outcome {
        switch phase {
        case .planning: .precheckFailed
        case .downloading, .unpacking, .asking: .downloadFailed
        }
    }

    private static func outcomeWhenSpent(_ phase: Pause.Phase) -> Ending.Outcome {
        switch phase {
        case .planning, .downloading: .downloadFailed
        case .unpacking, .asking: .precheckFailed
        }
    }

    /// A run whose deadline passed is stopped and counts as a failed try; a wake-up for an earlier run is nothing.
    static func overdue(
        _ facts: JobFacts, _ attempt: Attempt, _ phase: Pause.Phase, woken moment: UTCInstant, _ context: JobContext
    ) -> Transition {
        guard moment == attempt.deadline else { return .unchanged }
        let failure = ProcedureFailure(.transient(retryAfter: nil), "no answer within the time for one run")
        guard case .moved(var move) = failed(facts, attempt, phase, failure, context) else { return .unchanged }
        move.effects.insert(.stopProcedure(attempt.ticket), at: 0)
        return .moved(move)
    }
}

extension Pause.Phase {
    /// A turn is waited for without an end, so its runs and restarts are not counted.
    fileprivate var isAsking: Bool { if case .asking = self { true } else { false } }
}
