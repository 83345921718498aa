import UpgradeModel

/// From the chosen start to the complete package: all of it can be given up at any moment without a trace on the node.
extension JobMachine {
    static func planning(_ facts: JobFacts, _ attempt: Attempt, _ event: JobEvent, _ context: JobContext) -> Transition {
        switch event {
        case .matched, .published: return .unchanged
        case .unmatched(let reason): return vanished(ticket: attempt.ticket, reason: reason)
        case .chosen: return .rejected("an active job was chosen to start")
        case .planned(let run, let plan, let latest):
            guard run == attempt.runID else { return lateAnswer(run, attempt) }
            var planned = facts
            planned.versions = plan.versions
            planned.latest = latest
            let next = attempt.next(deadline: context.now.adding(context.limits.runTime))
            return .moved(Move(.downloading(planned, next, plan), effects: [.fetch(next.runID, plan)]))
        case .nothingToDo(let run, let reason, let versions, let latest):
            guard run == attempt.runID else { return lateAnswer(run, attempt) }
            var known = facts
            known.versions = versions
            known.latest = latest
            return endedMove(known, .noActionRequired, reason, ticket: attempt.ticket)
        case .procedureFailed(let run, let failure):
            guard run == attempt.runID else { return lateAnswer(run, attempt) }
            var known = facts
            known.latest = failure.latest
            return failed(known, attempt, .planning, failure, context)
        case .fetched(let run), .unpacked(let run), .turnGranted(let run, _): return foreignAnswer(run, attempt, "planning")
        case .woke(let moment): return overdue(facts, attempt, .planning, woken: moment, context)
        case .recorded, .reclaimed: return .stale("no installer has this attempt")
        case .reset: return rearmed(facts, ticket: attempt.ticket)
        case .held(let reason): return held(facts, attempt, .planning, reason, context)
        case .released: return .unchanged
        case .restarted: return resumed(facts, attempt, .planning, context)
        }
    }

    static func downloading(
        _ facts: JobFacts, _ attempt: Attempt, _ plan: JobPlan, _ event: JobEvent, _ context: JobContext
    ) -> Transition {
        switch event {
        case .matched, .published: return .unchanged
        case .unmatched(let reason): return vanished(ticket: attempt.ticket, reason: reason)
        case .chosen: return .rejected("an active job was chosen to start")
        case .fetched(let run):
            guard run == attempt.runID else { return lateAnswer(run, attempt) }
            let next = attempt.next(deadline: context.now.adding(context.limits.runTime))
            return .moved(
                Move(
                    .unpacking(facts, next, plan), owed: [.status(.downloaded, facts, reason: "")],
                    effects: [.unpack(next.runID, plan)]))
        case .procedureFailed(let run, let failure):
            return run == attempt.runID ? failed(facts, attempt, .downloading(plan), failure, context) : lateAnswer(run, attempt)
        case .planned(let run, _, _), .nothingToDo(let run, _, _, _), .unpacked(let run), .turnGranted(let run, _):
            return foreignAnswer(run, attempt, "downloading")
        case .woke(let moment): return overdue(facts, attempt, .downloading(plan), woken: moment, context)
        case .recorded, .reclaimed: return .stale("no installer has this attempt")
        case .reset: return rearmed(facts, ticket: attempt.ticket)
        case .held(let reason): return held(facts, attempt, .downloading(plan), reason, context)
        case .released: return .unchanged
        case .restarted: return resumed(facts, attempt, .downloading(plan), context)
        }
    }

    static func unpacking(
        _ facts: JobFacts, _ attempt: Attempt, _ plan: JobPlan, _ event: JobEvent, _ context: JobContext
    ) -> Transition {
        switch event {
        case .matched, .published: return .unchanged
        case .unmatched(let reason): return vanished(ticket: attempt.ticket, reason: reason)
        case .chosen: return .rejected("an active job was chosen to start")
        case .unpacked(let run):
            guard run == attempt.runID else { return lateAnswer(run, attempt) }
            let next = attempt.next(deadline: context.now.adding(context.limits.runTime))
            return .moved(Move(.asking(facts, next, plan, refusal: nil), effects: [.askTurn(next.runID)]))
        case .procedureFailed(let run, let failure):
            return run == attempt.runID ? failed(facts, attempt, .unpacking(plan), failure, context) : lateAnswer(run, attempt)
        case .planned(let run, _, _), .nothingToDo(let run, _, _, _), .fetched(let run), .turnGranted(let run, _):
            return foreignAnswer(run, attempt, "unpacking")
        case .woke(let moment): return overdue(facts, attempt, .unpacking(plan), woken: moment, context)
        case .recorded, .reclaimed: return .stale("no installer has this attempt")
        case .reset: return rearmed(facts, ticket: attempt.ticket)
        case .held(let reason): return held(facts, attempt, .unpacking(plan), reason, context)
        case .released: return .unchanged
        case .restarted: return resumed(facts, attempt, .unpacking(plan), context)
        }
    }

    /// Asked last, when nothing but the switch is left to do: the shorter a member of the group keeps the turn, the sooner all are done.
    static func asking(
        _ facts: JobFacts, _ attempt: Attempt, _ plan: JobPlan, _ refusal: String?, _ event: JobEvent, _ context: JobContext
    ) -> Transition {
        let phase = Pause.Phase.asking(plan, refusal: refusal)
        switch event {
        case .matched, .published: return .unchanged
        case .unmatched(let reason): return vanished(ticket: attempt.ticket, reason: reason)
        case .chosen: return .rejected("an active job was chosen to start")
        case .turnGranted(let run, let group):
            return run == attempt.runID ? handedOver(facts, attempt, plan, group, context) : lateAnswer(run, attempt)
        case .procedureFailed(let run, let failure):
            return run == attempt.runID ? failed(facts, attempt, phase, failure, context) : lateAnswer(run, attempt)
        case .planned(let run, _, _), .nothingToDo(let run, _, _, _), .fetched(let run), .unpacked(let run):
            return foreignAnswer(run, attempt, "asking")
        case .woke(let moment): return overdue(facts, attempt, phase, woken: moment, context)
        case .recorded, .reclaimed: return .stale("no installer has this attempt")
        case .reset: return rearmed(facts, ticket: attempt.ticket)
        case .held(let reason): return heldWhileAsking(facts, attempt, phase, reason, context)
        case .released: return .unchanged
        case .restarted: return resumed(facts, attempt, phase, context)
        }
    }

    static func paused(
        _ facts: JobFacts, _ attempt: Attempt, _ pause: Pause, _ event: JobEvent, _ context: JobContext
    ) -> Transition {
        switch event {
        case .matched, .published: .unchanged
        case .unmatched(let reason): vanished(ticket: attempt.ticket, reason: reason)
        case .chosen: .rejected("an active job was chosen to start")
        case .planned(let run, _, _), .nothingToDo(let run, _, _, _), .fetched(let run), .unpacked(let run), .turnGranted(let run, _),
            .procedureFailed(let run, _):
            lateAnswer(run, attempt)
        case .woke(let moment): moment == pause.nextTry ? woken(facts, attempt, pause, context) : .unchanged
        case .recorded, .reclaimed: .stale("no installer has this attempt")
        case .reset: rearmed(facts, ticket: attempt.ticket)
        case .held(let reason): reason == pause.reason ? .unchanged : held(facts, attempt, pause.phase, reason, context)
        case .released: released(facts, attempt, pause, context)
        case .restarted: .unchanged
        }
    }

    /// The commit that gives the job away: release number and `initiated` are durable before the installer hears of it.
    private static func handedOver(
        _ facts: JobFacts, _ attempt: Attempt, _ plan: JobPlan, _ group: String?, _ context: JobContext
    ) -> Transition {
        var started = facts
        started.started = context.now
        started.group = group
        let handover = Handover(
            ticket: attempt.ticket, plan: plan, oldRelease: context.currentRelease, newRelease: context.freshRelease,
            deadline: context.now.adding(context.limits.handoverTime))
        return .moved(
            Move(
                .handedOver(started, handover), owed: [.status(.initiated, started, reason: "")], effects: [.handOver(handover)]))
    }

    /// An answer of an earlier run or attempt is normal; one of a run that has not begun cannot be.
    private static func lateAnswer(_ run: RunID, _ attempt: Attempt) -> Transition {
        run.ticket == attempt.ticket && run.run > attempt.run
            ? .rejected("an answer came for run \(run.run), which has not begun; the present one is \(attempt.run)")
            : .stale("answer of run \(run.run) of attempt \(run.ticket); the present one is \(attempt.run) of \(attempt.ticket)")
    }

    /// An answer of another procedure than the one that runs: stale when its run is over, impossible under the present run.
    private static func foreignAnswer(_ run: RunID, _ attempt: Attempt, _ phase: String) -> Transition {
        run == attempt.runID ? .rejected("an answer of another procedure came while \(phase)") : lateAnswer(run, attempt)
    }
}
