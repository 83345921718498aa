import UpgradeModel

/// Decides which operation records a step of a job writes: they are committed with the step, so none is there without its change of state and
/// no change without its record. Source: seed `nmis-opstatus.txt`; architecture, "One commit per step".
package enum OperationRule {
    /// A step, as far as its records go.
    package struct Step {
        /// Whose job.
        package let policy: PolicyID
        /// What happened.
        package let event: JobEvent
        /// What the job is then; nil = it is gone.
        package let after: JobState?
        /// What the event log says of it.
        package let note: String?
        /// When it happened, as far as anybody knows.
        package let now: UTCInstant
        /// Records of this job that have not ended.
        package let open: [Operation]

        /// Memberwise.
        package init(policy: PolicyID, event: JobEvent, after: JobState?, note: String?, now: UTCInstant, open: [Operation]) {
            self.policy = policy
            self.event = event
            self.after = after
            self.note = note
            self.now = now
            self.open = open
        }
    }

    /// All records that the step writes, in order.
    package static func records(_ step: Step) -> [Operation] {
        let next = OperationWork(step.policy, step.after, step.event, step.open, at: step.now)
        let ended = step.open.filter { $0.id != next?.id }.map { end($0, step) }
        let verified = ended.compactMap { verification($0, step) }
        return matching(step) + ended + verified + (next.map { goingOn($0, step) } ?? [])
    }

    /// What records that have not ended say that the job's state does not, or the other way round; nil when both say the same.
    /// - Parameter open: all such records of the job's policy.
    package static func contradiction(_ policy: PolicyID, _ state: JobState?, _ open: [Operation]) -> String? {
        // Any event that is not news: the record of a trial tells how far that is.
        let work = OperationWork(policy, state, .restarted, open, at: UTCInstant(secondsSinceEpoch: 0))
        let found = open.map { "\($0.activity) \($0.id) \($0.stage)" }
        let expected = work.map { ["\($0.activity) \($0.id) \($0.stage)"] } ?? []
        return found == expected ? nil : "found \(found), expected \(expected)"
    }

    /// A policy was held against this node, and that changed something.
    private static func matching(_ step: Step) -> [Operation] {
        switch step.event {
        case .matched, .unmatched, .published: break
        case .chosen, .planned, .nothingToDo, .fetched, .unpacked, .turnGranted, .procedureFailed, .woke, .recorded, .reclaimed, .reset,
            .held,
            .released, .restarted:
            return []
        }
        let id = "match-\(step.policy)-\(step.now.rfc3339(fractionDigits: 9))"
        return [Operation(id: id, .match, policy: step.policy, begun: step.now, .completed, step.note ?? "")]
    }

    /// Work that begins, or is further on; nothing when the record says so already.
    private static func goingOn(_ work: OperationWork, _ step: Step) -> [Operation] {
        let known = step.open.first { $0.id == work.id }
        if let known, known.stage == work.stage, known.details == work.details { return [] }
        // What waited begins now.
        let begun = known.flatMap { $0.stage == work.stage ? $0.begun : nil } ?? step.now
        return [
            Operation(
                id: work.id, work.activity, policy: step.policy, ticket: work.ticket, begun: begun, at: step.now, work.stage, work.details)
        ]
    }

    private static func end(_ operation: Operation, _ step: Step) -> Operation {
        var ended = operation
        (ended.stage, ended.details) = OperationEnd.of(operation.activity, step.event)
        ended.at = step.now
        return ended
    }

    /// Bytes are held against digest and signature while they are fetched: what came of that is known with the download.
    private static func verification(_ ended: Operation, _ step: Step) -> Operation? {
        guard ended.activity == .download else { return nil }
        let found: (Operation.Stage, String)? =
            switch step.event {
            case .fetched: (.completed, "lengths, digests and signatures are as expected")
            case .procedureFailed(_, let failure) where failure.kind == .distrusted: (.exception, failure.reason)
            default: nil
            }
        guard let (stage, details) = found else { return nil }
        return Operation(
            id: ended.id + "-verify", .verify, policy: ended.policy, ticket: ended.ticket, begun: ended.begun, at: ended.at, stage, details)
    }
}
