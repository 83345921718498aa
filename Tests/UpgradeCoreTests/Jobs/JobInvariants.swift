import UpgradeCore
import UpgradeModel

/// What must hold for every single step of the machine, whatever happened before.
enum JobInvariants {
    static func violations(_ before: JobState?, _ event: JobEvent, _ answer: Transition) -> [String] {
        var found: [String] = []
        if isLate(event, before), !answer.isStale { found.append("a late answer was not stale but \(answer)") }
        switch answer {
        case .unchanged, .stale: break
        case .rejected(let why):
            if isRequest(event, before) { found.append("rejected what the outside may say at any time: \(why)") }
        case .moved(let move):
            found += owed(before, move) + effects(before, move) + restraint(before, event, move)
        }
        return found
    }

    /// Another attempt's, an earlier run's, or a record taken in before.
    private static func isLate(_ event: JobEvent, _ before: JobState?) -> Bool {
        switch event {
        case .planned(let run, _, _), .nothingToDo(let run, _, _, _), .fetched(let run), .unpacked(let run), .turnGranted(let run, _),
            .procedureFailed(let run, _):
            run.ticket != before?.ticket || run.run < before?.presentRun?.run ?? .max
        case .recorded(let ticket, let number, _): ticket != before?.ticket || number <= before?.handover?.lastRecord ?? .max
        case .reclaimed(let ticket, _): ticket != before?.ticket
        case .matched, .unmatched, .chosen, .woke, .published, .reset, .held, .released, .restarted: false
        }
    }

    /// The outside may say these at any time; the engine keeps the two requests back from the switch on.
    private static func isRequest(_ event: JobEvent, _ before: JobState?) -> Bool {
        switch event {
        case .matched, .woke, .published, .held, .released, .restarted: true
        case .unmatched, .reset: before?.isBeyondSwitch != true
        case .chosen, .planned, .nothingToDo, .fetched, .unpacked, .turnGranted, .procedureFailed, .recorded, .reclaimed: false
        }
    }

    // MARK: The exchange learns exactly what is

    private static func owed(_ before: JobState?, _ move: Move) -> [String] {
        var found: [String] = []
        guard let after = move.state else { return move.owed == [.deletion] ? [] : ["a job vanished, owed is \(move.owed)"] }
        if move.owed.contains(.deletion) { found.append("the row of a living job is deleted") }
        let last = move.owed.lastStatus
        if before?.status != after.status, last == nil { found.append("the word became \(after.status) and nobody is told") }
        if let last {
            if last.status != after.status { found.append("the last word is \(last.status), the state's \(after.status)") }
            if let facts = after.facts, facts != last.facts { found.append("the facts reported are not the state's") }
            if last.reason != after.message { found.append("the reason reported is not the state's") }
        }
        if move.owed.words.contains(.failed), move.owed.words != [.failed, .rollbackStarted] { found.append("failed rests") }
        if move.owed.contains(.softwareVersions) != (after.status == .successful) { found.append("versions are reported without a commit") }
        return found
    }

    // MARK: Work is begun and ended for the job's own attempt only

    private static func effects(_ before: JobState?, _ move: Move) -> [String] {
        let after = move.state
        var found = move.effects.filter { !isOwn($0, before, after) }.map { "\($0) is not of this attempt" }
        if let old = before?.ticket, after?.ticket != old, !move.effects.contains(.removeFolder(old)) {
            found.append("the attempt is over, its folder stays")
        }
        if let run = after?.presentRun, after?.isRunning == true, run != before?.presentRun,
            !move.effects.contains(where: { $0.run == run })
        {
            found.append("run \(run.run) begins and nothing runs")
        }
        if case .handedOver(_, let handover)? = after, before?.handover == nil, move.effects != [.handOver(handover)] {
            found.append("handed over to nobody")
        }
        if after?.handover != nil, before?.handover == nil, !before.isAsking { found.append("nobody asked whose turn it is") }
        if case .cancelling? = after, before?.isCancelling != true, !move.effects.contains(where: \.isCancel) {
            found.append("nobody is asked to cancel")
        }
        return found
    }

    private static func isOwn(_ effect: JobEffect, _ before: JobState?, _ after: JobState?) -> Bool {
        switch effect {
        case .plan(let run, let terms):
            if case .planning(let facts, _)? = after { run == after?.presentRun && terms == facts.terms } else { false }
        case .fetch(let run, let plan):
            if case .downloading(_, _, let own)? = after { run == after?.presentRun && plan == own } else { false }
        case .unpack(let run, let plan):
            if case .unpacking(_, _, let own)? = after { run == after?.presentRun && plan == own } else { false }
        case .askTurn(let run): if case .asking? = after { run == after?.presentRun } else { false }
        case .stopProcedure(let ticket): ticket == before?.ticket
        case .removeFolder(let ticket): ticket == before?.ticket && ticket != after?.ticket
        case .handOver(let handover): handover == after?.handover
        case .requestCancel(let ticket), .reclaim(let ticket): ticket == after?.handover?.ticket
        // The policy is read anew when a row is gone, and before a job starts again; what follows `latest` is looked at when it ends.
        case .evaluate:
            switch after {
            case nil, .waiting: true
            case .ended(let facts, _): !facts.latest.isEmpty
            default: false
            }
        }
    }

    // MARK: Some ways do not exist

    private static func restraint(_ before: JobState?, _ event: JobEvent, _ move: Move) -> [String] {
        var found: [String] = []
        let after = move.state
        if after == before, move.owed.isEmpty, move.effects.isEmpty { found.append("moved to where it was") }
        if before?.isBeyondSwitch == true, after?.isBeyondSwitch != true, !after.isEnded {
            found.append("left the trial without an outcome")
        }
        if case .recorded(_, _, .switchIntended) = event, after?.isBeyondSwitch != true {
            found.append("the switch won and the job went elsewhere")
        }
        if after?.status == .successful {
            guard case .onTrial? = before, case .recorded(_, _, .committed) = event else { return found + ["successful without a commit"] }
        }
        if after.isEnded, (after?.facts?.ended != nil) != (after?.status == .successful) {
            found.append("endTime of an ending that is none")
        }
        if let after, !after.isResting, after.wake == nil, after.handover == nil { found.append("waits for nothing") }
        if case .handedOver(_, let handover)? = before, let own = after?.handover, handover.lastRecord > own.lastRecord {
            found.append("forgot a record")
        }
        return found
    }
}

extension Transition {
    var isStale: Bool { if case .stale = self { true } else { false } }
    var isRejected: Bool { if case .rejected = self { true } else { false } }
    var move: Move? { if case .moved(let move) = self { move } else { nil } }
}

extension [OwedReport] {
    var lastStatus: (status: Status, facts: JobFacts, reason: String)? {
        for case .status(let status, let facts, let reason) in reversed() { return (status, facts, reason) }
        return nil
    }

    var words: [Status] {
        compactMap { if case .status(let status, _, _) = $0 { status } else { nil } }
    }
}

extension JobEffect {
    var run: RunID? {
        switch self {
        case .plan(let run, _), .fetch(let run, _), .unpack(let run, _), .askTurn(let run): run
        case .stopProcedure, .handOver, .requestCancel, .reclaim, .removeFolder, .evaluate: nil
        }
    }

    var isCancel: Bool { if case .requestCancel = self { true } else { false } }
}

extension JobState {
    var attempt: Attempt? {
        switch self {
        case .planning(_, let attempt), .downloading(_, let attempt, _), .unpacking(_, let attempt, _), .asking(_, let attempt, _, _),
            .paused(_, let attempt, _):
            attempt
        case .waiting, .handedOver, .cancelling, .onTrial, .rollingBack, .rollbackFailed, .ended, .quarantined: nil
        }
    }

    var presentRun: RunID? { attempt?.runID }

    /// A procedure is under way.
    var isRunning: Bool {
        switch self {
        case .planning, .downloading, .unpacking, .asking: true
        case .waiting, .paused, .handedOver, .cancelling, .onTrial, .rollingBack, .rollbackFailed, .ended, .quarantined: false
        }
    }

    var isCancelling: Bool { if case .cancelling = self { true } else { false } }

    /// Nothing more happens by itself.
    var isResting: Bool {
        switch self {
        case .ended, .quarantined: true
        case .waiting, .planning, .downloading, .unpacking, .asking, .paused, .handedOver, .cancelling, .onTrial, .rollingBack,
            .rollbackFailed:
            false
        }
    }
}

extension JobState? {
    var isEnded: Bool { if case .ended? = self { true } else { false } }
    var isAsking: Bool { if case .asking? = self { true } else { false } }
}
