import UpgradeModel

extension JobState {
    /// The word that the exchange and people see. Total; `unknown` is a quarantined row, `failed` is passed through on the way to
    /// `rollbackStarted` and never rests, `reset` is never ours. Source: contract 4.1.
    package var status: Status {
        switch self {
        case .waiting: .waiting
        case .planning, .downloading: .downloadStarted
        case .unpacking, .asking(_, _, _, refusal: nil): .downloaded
        case .asking: .haNodeWaiting
        case .paused(_, _, let pause):
            switch pause.phase {
            case .planning, .downloading: .downloadStarted
            case .unpacking, .asking(_, refusal: nil): .downloaded
            case .asking: .haNodeWaiting
            }
        case .handedOver, .cancelling, .onTrial: .initiated
        case .rollingBack: .rollbackStarted
        case .rollbackFailed: .rollbackFailed
        case .ended(_, let ending): ending.outcome.status
        case .quarantined: .unknown
        }
    }

    /// What stays with the job; nil for a quarantined row.
    package var facts: JobFacts? {
        switch self {
        case .waiting(let facts), .planning(let facts, _), .downloading(let facts, _, _), .unpacking(let facts, _, _),
            .asking(let facts, _, _, _), .paused(let facts, _, _), .handedOver(let facts, _), .cancelling(let facts, _, _),
            .onTrial(let facts, _),
            .rollingBack(let facts, _, _), .rollbackFailed(let facts, _, _), .ended(let facts, _):
            facts
        case .quarantined: nil
        }
    }

    /// Why it is where it is, for the status' `errorMessage`; empty when there is nothing to explain.
    package var message: String {
        switch self {
        case .waiting, .planning, .downloading, .unpacking, .handedOver, .cancelling, .onTrial: ""
        case .asking(_, _, _, let refusal): refusal ?? ""
        case .paused(_, _, let pause): pause.reason
        case .rollingBack(_, _, let cause), .rollbackFailed(_, _, let cause): cause
        case .ended(_, let ending): ending.reason
        case .quarantined(let reason, _): reason
        }
    }

    /// The job in the installer's hands, if it is.
    package var handover: Handover? {
        switch self {
        case .handedOver(_, let handover), .cancelling(_, let handover, _), .onTrial(_, let handover), .rollingBack(_, let handover, _),
            .rollbackFailed(_, let handover, _):
            handover
        case .waiting, .planning, .downloading, .unpacking, .asking, .paused, .ended, .quarantined: nil
        }
    }

    /// The attempt's folder, while there is one.
    package var ticket: Ticket? {
        switch self {
        case .planning(_, let attempt), .downloading(_, let attempt, _), .unpacking(_, let attempt, _), .asking(_, let attempt, _, _),
            .paused(_, let attempt, _):
            attempt.ticket
        case .waiting, .handedOver, .cancelling, .onTrial, .rollingBack, .rollbackFailed, .ended, .quarantined: handover?.ticket
        }
    }

    /// True while this job keeps every other one from starting.
    package var isActive: Bool {
        switch self {
        case .waiting, .ended, .quarantined: false
        case .planning, .downloading, .unpacking, .asking, .paused, .handedOver, .cancelling, .onTrial, .rollingBack, .rollbackFailed: true
        }
    }

    /// True from `switch-intended` on: no request changes anything until the outcome is final (install.md, "Requests meanwhile").
    package var isBeyondSwitch: Bool {
        switch self {
        case .onTrial, .rollingBack, .rollbackFailed: true
        case .waiting, .planning, .downloading, .unpacking, .asking, .paused, .handedOver, .cancelling, .ended, .quarantined: false
        }
    }

    /// When the machine wants a `wake` event, if nothing else happens; nil when only others can move it on.
    package var wake: UTCInstant? {
        switch self {
        case .waiting(let facts): facts.scheduled
        case .planning(_, let attempt), .downloading(_, let attempt, _), .unpacking(_, let attempt, _), .asking(_, let attempt, _, _):
            attempt.deadline
        case .paused(_, _, let pause): pause.nextTry
        case .handedOver(_, let handover), .cancelling(_, let handover, _): handover.deadline
        case .onTrial, .rollingBack, .rollbackFailed, .ended, .quarantined: nil
        }
    }
}

extension Ending.Outcome {
    /// The status of the same name.
    package var status: Status {
        switch self {
        case .successful: .successful
        case .noActionRequired: .noActionRequired
        case .precheckFailed: .precheckFailed
        case .downloadFailed: .downloadFailed
        case .rollbackSuccessful: .rollbackSuccessful
        }
    }
}
