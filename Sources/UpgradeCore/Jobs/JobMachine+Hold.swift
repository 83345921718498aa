import UpgradeModel

/// A node that somebody holds: what the installer does not have yet waits, and loses neither what it fetched nor a try.
extension JobMachine {
    /// Whatever runs is stopped. The refusal of a group is forgotten: it is not what the job waits for now.
    static func held(
        _ facts: JobFacts, _ attempt: Attempt, _ phase: Pause.Phase, _ reason: String, _ context: JobContext
    ) -> Transition {
        var held = phase
        if case .asking(let plan, _) = phase { held = .asking(plan, refusal: nil) }
        let next = JobState.paused(
            facts, attempt, Pause(phase: held, nextTry: context.now.adding(context.limits.holdPause), reason: reason))
        return .moved(Move(next, owed: [.status(next.status, facts, reason: reason)], effects: [.stopProcedure(attempt.ticket)]))
    }

    /// The turn may be on its way to us: the gate takes it back at the word of a job that is not under way, so that a held node never blocks
    /// its group.
    static func heldWhileAsking(
        _ facts: JobFacts, _ attempt: Attempt, _ phase: Pause.Phase, _ reason: String, _ context: JobContext
    ) -> Transition {
        guard case .moved(var move) = held(facts, attempt, phase, reason, context) else { return .unchanged }
        move.owed.insert(.status(.waiting, facts, reason: reason), at: 0)
        return .moved(move)
    }

    /// A pause is over; while the node is held the next one follows.
    static func woken(_ facts: JobFacts, _ attempt: Attempt, _ pause: Pause, _ context: JobContext) -> Transition {
        guard context.hold != nil else { return resumed(facts, attempt, pause.phase, context) }
        var longer = pause
        longer.nextTry = context.now.adding(context.limits.holdPause)
        // A clock that was set back by as much would name the moment that has just come.
        if longer.nextTry == pause.nextTry { longer.nextTry = pause.nextTry.adding(.seconds(1)) }
        return .moved(Move(.paused(facts, attempt, longer)))
    }

    /// The exchange hears that the reason is gone.
    static func released(_ facts: JobFacts, _ attempt: Attempt, _ pause: Pause, _ context: JobContext) -> Transition {
        guard case .moved(var move) = resumed(facts, attempt, pause.phase, context), let next = move.state else { return .unchanged }
        if move.owed.isEmpty { move.owed = [.status(next.status, facts, reason: next.message)] }
        return .moved(move)
    }
}
