import UpgradeModel

/// What a journal record means in each state of the installation.
extension JobMachine {
    /// Stale records of another attempt or taken in before; nil when the record is new.
    static func taken(_ ticket: Ticket, _ number: Int, _ handover: Handover) -> Transition? {
        if ticket != handover.ticket { return .stale("record of another attempt") }
        return number <= handover.lastRecord ? .stale("record \(number) was taken in before") : nil
    }

    /// Before the switch.
    static func recorded(
        _ facts: JobFacts, _ handover: Handover, _ after: AfterCancel, _ record: InstallerRecord, cancelAsked: Bool
    ) -> Transition {
        switch record {
        case .cancelled: given(facts, handover, after)
        case .refused(let reason):
            cancelAsked
                ? given(facts, handover, after) : endedMove(facts, .precheckFailed, reason, ticket: handover.ticket)
        case .switchIntended: .moved(Move(.onTrial(facts, handover), note: "The new version is on trial."))
        case .switched, .committed, .rollbackIntended, .rolledBack, .rollbackFailed:
            .rejected("the installer's record \(record) came before switch-intended")
        }
    }

    /// On trial.
    static func decided(_ facts: JobFacts, _ handover: Handover, _ record: InstallerRecord) -> Transition {
        switch record {
        case .switchIntended, .switched: return .moved(Move(.onTrial(facts, handover)))
        case .committed(let time):
            var done = facts
            done.ended = time
            return .moved(
                Move(
                    .ended(done, Ending(.successful)), owed: [.status(.successful, done, reason: ""), .softwareVersions],
                    effects: [.removeFolder(handover.ticket)]))
        case .rollbackIntended(let cause, _):
            return .moved(
                Move(
                    .rollingBack(facts, handover, cause: cause),
                    owed: [.status(.failed, facts, reason: cause), .status(.rollbackStarted, facts, reason: cause)]))
        case .cancelled, .refused, .rolledBack, .rollbackFailed:
            return .rejected("the installer's record \(record) cannot follow a switch")
        }
    }

    /// On the way back.
    static func goneBack(_ facts: JobFacts, _ handover: Handover, _ cause: String, _ record: InstallerRecord) -> Transition {
        switch record {
        case .rolledBack: endedMove(facts, .rollbackSuccessful, cause, ticket: handover.ticket)
        case .rollbackFailed(let why, _):
            .moved(
                Move(
                    .rollbackFailed(facts, handover, cause: firstCause(cause, why)),
                    owed: [.status(.rollbackFailed, facts, reason: firstCause(cause, why))]))
        case .cancelled, .refused, .switchIntended, .switched, .committed, .rollbackIntended:
            .rejected("the installer's record \(record) cannot follow rollback-intended")
        }
    }

    /// After a failed rollback the old release may come up after all.
    static func recovered(_ facts: JobFacts, _ handover: Handover, _ cause: String, _ record: InstallerRecord) -> Transition {
        switch record {
        case .rolledBack: endedMove(facts, .rollbackSuccessful, cause, ticket: handover.ticket)
        case .rollbackFailed: .moved(Move(.rollbackFailed(facts, handover, cause: cause)))
        case .cancelled, .refused, .switchIntended, .switched, .committed, .rollbackIntended:
            .rejected("the installer's record \(record) cannot follow rollback-failed")
        }
    }

    /// The first cause stays in front of everything that follows from it.
    private static func firstCause(_ cause: String, _ then: String) -> String {
        then.isEmpty || then == cause ? cause : "\(cause); \(then)"
    }
}
