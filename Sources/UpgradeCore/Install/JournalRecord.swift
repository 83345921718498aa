import UpgradeModel

/// One step of an installation, written before the step is taken. Source: install.md, "The journal".
package struct JournalRecord: Codable, Hashable, Sendable {
    /// The steps that are told apart.
    package enum Step: Codable, Hashable, Sendable {
        /// The installer has the job. The old release runs installer and recovery, so its number comes first.
        case begun(oldRelease: Int, newRelease: Int, format: Int)
        /// The agent is about to be stopped.
        case stopIntended
        /// From here on only forward or back, never away.
        case switchIntended
        /// `current` names the new release.
        case switched
        /// The new agent is about to be started for the n-th time without having been ready.
        case startIntended(attempt: Int)
        /// The new agent answered locally.
        case ready
        /// The new release is good; `recover` is about to name it.
        case commitIntended
        /// Final: the new release stays.
        case committed
        /// The new release is no good, for this first cause.
        case rollbackIntended(cause: String)
        /// Final: the old release answered again.
        case rolledBack
        /// The old release could not be started either; it is tried on.
        case rollbackFailed(cause: String)
        /// Final: the job ended before the switch.
        case refused(reason: String)
        /// Final: the agent asked to stop, in time.
        case cancelled
    }

    /// Counted from 1, without gaps.
    package let number: Int
    /// Wall-clock time.
    package let at: UTCInstant
    /// What is about to be done, or was found.
    package let step: Step

    /// Memberwise.
    package init(number: Int, at: UTCInstant, step: Step) {
        self.number = number
        self.at = at
        self.step = step
    }

    /// True when nothing may follow.
    package var isFinal: Bool {
        switch step {
        case .committed, .rolledBack, .refused, .cancelled: true
        case .begun, .stopIntended, .switchIntended, .switched, .startIntended, .ready, .commitIntended, .rollbackIntended, .rollbackFailed:
            false
        }
    }

    /// What the agent's machine learns from it; nil for steps that it need not know.
    package var event: InstallerRecord? {
        switch step {
        case .begun, .stopIntended, .startIntended, .ready, .commitIntended: nil
        case .switchIntended: .switchIntended
        case .switched: .switched
        case .committed: .committed(at: at)
        case .rollbackIntended(let cause): .rollbackIntended(cause: cause, at: at)
        case .rolledBack: .rolledBack(at: at)
        case .rollbackFailed(let cause): .rollbackFailed(cause: cause, at: at)
        case .refused(let reason): .refused(reason: reason)
        case .cancelled: .cancelled
        }
    }
}
