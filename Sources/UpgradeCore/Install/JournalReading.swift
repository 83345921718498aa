import UpgradeModel

/// What a journal says, taken together: which of the installation's phases an interrupted job is in. Pure; read by installer, agent and
/// supervisor alike. Source: install.md, "After an interruption".
package struct JournalReading: Hashable, Sendable {
    /// All records, in order.
    package let records: [JournalRecord]

    /// Records as read, in order.
    package init(_ records: [JournalRecord]) { self.records = records }

    /// Where an interrupted installation goes on.
    package enum Phase: Hashable, Sendable {
        /// Nothing was switched: begin again from stopping the agent.
        case preparing
        /// The switch was intended: repeat the group, without looking for `cancel`.
        case switching
        /// The new release is on trial, with this many starts without readiness so far.
        case trial(starts: Int, wasReady: Bool)
        /// Only the commit's last step is missing.
        case committing
        /// Only backwards; `failed` when the old release did not start so far.
        case rollingBack(cause: String, failed: Bool)
        /// A final record is there.
        case final
    }

    /// The phase, by the furthest record.
    package var phase: Phase {
        var phase = Phase.preparing
        for record in records {
            switch record.step {
            case .begun, .stopIntended: break
            case .switchIntended: phase = .switching
            case .switched: phase = .trial(starts: starts(in: phase), wasReady: false)
            case .startIntended(let attempt): phase = .trial(starts: attempt, wasReady: false)
            case .ready: phase = .trial(starts: starts(in: phase), wasReady: true)
            case .commitIntended: phase = .committing
            case .rollbackIntended(let cause): phase = .rollingBack(cause: cause, failed: false)
            case .rollbackFailed: phase = .rollingBack(cause: firstCause, failed: true)
            case .committed, .rolledBack, .refused, .cancelled: phase = .final
            }
        }
        return phase
    }

    /// True from `switch-intended` on until a final record.
    package var isBeyondSwitch: Bool {
        switch phase {
        case .preparing, .final: false
        case .switching, .trial, .committing, .rollingBack: true
        }
    }

    /// True when the last word is spoken.
    package var isFinal: Bool { records.last?.isFinal ?? false }

    /// Old and new release, from the first record; nil when not even that was written.
    package var releases: (old: Int, new: Int)? {
        guard case .begun(let old, let new, _) = records.first?.step else { return nil }
        return (old, new)
    }

    /// The reason of the first `rollback-intended`.
    package var firstCause: String {
        for record in records {
            if case .rollbackIntended(let cause) = record.step { return cause }
        }
        return ""
    }

    private func starts(in phase: Phase) -> Int {
        if case .trial(let starts, _) = phase { starts } else { 0 }
    }
}
