import UpgradeModel

/// Everything that can happen to a job. Past tense; moments come beside it (`JobContext.now`).
package enum JobEvent: Hashable, Sendable {
    /// The policy is enabled and matches. A level: said again at every evaluation. `lastUpdated` is the exchange's text.
    case matched(JobTerms, lastUpdated: String?)
    /// The policy is gone, disabled or does not match any more. A level.
    case unmatched(reason: String)
    /// The selection rule chose this job and its start has come.
    case chosen
    /// A plan was made. `latest`: what `latest` meant for each component whose manifest version is that word.
    case planned(RunID, JobPlan, latest: [Component: String] = [:])
    /// Nothing newer is offered.
    case nothingToDo(RunID, reason: String, versions: [Component: String], latest: [Component: String] = [:])
    /// Everything is in `verified/`.
    case fetched(RunID)
    /// The package is in `staged/`.
    case unpacked(RunID)
    /// The node may go on: its high-availability group let it, or it is in none (nil).
    case turnGranted(RunID, group: String?)
    /// The present procedure failed.
    case procedureFailed(RunID, ProcedureFailure)
    /// The moment that `JobState.wake` named has come. Whoever waited for it knows that time has passed; the wall clock may say otherwise.
    case woke(UTCInstant)
    /// The installer wrote a journal record.
    case recorded(Ticket, number: Int, InstallerRecord)
    /// The job folder was taken back, under the install lock, from an installer that never switched.
    case reclaimed(Ticket, reason: String)
    /// The newest versions that are offered now, empty where none is. A level: said again at every evaluation that somebody may care for.
    case published(PerComponent<String>)
    /// A reset was asked for, here or at the exchange.
    case reset
    /// Somebody holds the node: nothing begins or goes on before the installer has it. A level.
    case held(reason: String)
    /// The hold was lifted.
    case released
    /// The agent started; nothing that ran before runs now.
    case restarted
}

/// What the agent learns from the installer's journal. Source: install.md, "Who owns what".
package enum InstallerRecord: Hashable, Codable, Sendable {
    /// It stopped before the switch because it was asked to.
    case cancelled
    /// It ended the job before the switch.
    case refused(reason: String)
    /// From here on only forward or back, never away.
    case switchIntended
    /// The new release is on trial; a repeated trial says it again.
    case switched
    /// The new release proved healthy.
    case committed(at: UTCInstant)
    /// The new release is no good.
    case rollbackIntended(cause: String, at: UTCInstant)
    /// The old release answered again.
    case rolledBack(at: UTCInstant)
    /// Neither release starts.
    case rollbackFailed(cause: String, at: UTCInstant)
}

/// Why a procedure did not bring what it should.
package struct ProcedureFailure: Error, Hashable, Codable, Sendable {
    /// What can be done about it.
    package enum Kind: Hashable, Codable, Sendable {
        /// Trying again later may work; not before the duration, if the hub asked for one.
        case transient(retryAfter: Duration?)
        /// The node is not in a state to be upgraded, which may pass: tried again like a transient failure, in the end `precheck failed`.
        case notYet
        /// Bytes were whole and not believed: worth exactly one fresh try.
        case distrusted
        /// Final, with this outcome.
        case final(Ending.Outcome)
    }

    /// What can be done about it.
    package let kind: Kind
    /// One sentence.
    package let reason: String
    /// What `latest` meant, as far as planning had come; a newer version may make it worth another try.
    package var latest: [Component: String] = [:]

    /// Memberwise.
    package init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }
}

/// What the machine needs to know besides the event: time, chance, and limits. Read by the engine, never by the machine.
package struct JobContext: Sendable {
    /// Wall-clock time of the event.
    package var now: UTCInstant
    /// A fresh ticket, used if an attempt begins.
    package var freshTicket: Ticket
    /// 64 random bits for the window's draw and the retry jitter.
    package var chance: UInt64
    /// Number of the running release.
    package var currentRelease: Int
    /// A release number that was never used, taken if a hand-over is committed.
    package var freshRelease: Int
    /// Versions that failed or were rolled back on this node.
    package var failedVersions: Set<ComponentVersion> = []
    /// Why the node's memory is gone, while no reset has followed; nil on a healthy node.
    package var memoryLost: String?
    /// Who holds the node and why; nil while nobody does.
    package var hold: String?
    /// Limits.
    package var limits: JobLimits

    /// Memberwise, on a healthy node.
    package init(now: UTCInstant, freshTicket: Ticket, chance: UInt64, currentRelease: Int, freshRelease: Int, limits: JobLimits) {
        self.now = now
        self.freshTicket = freshTicket
        self.chance = chance
        self.currentRelease = currentRelease
        self.freshRelease = freshRelease
        self.limits = limits
    }
}

/// Bounds of a job, from the settings.
package struct JobLimits: Hashable, Sendable {
    /// Back-off before the second try.
    package var retryFirstDelay: Duration = .seconds(10)
    /// Longest back-off.
    package var retryDelayMax: Duration = .seconds(3600)
    /// Tries in all, the first included.
    package var retryTries = 20
    /// Time spent in pauses before giving up. No clock is asked: one that jumps, or a node without power, uses nothing of it up.
    package var retrySpan: Duration = .seconds(72 * 3600)
    /// Runs in one attempt, restarts included: an attempt that ends the agent each time must end as well.
    package var runsMax = 100
    /// A run of a procedure that has not answered after this has failed.
    package var runTime: Duration = .seconds(8 * 3600)
    /// An installer that has not switched after this is taken the job from.
    package var handoverTime: Duration = .seconds(1800)
    /// Between two questions for the group's turn. Source: contract 1.7.
    package var turnPause: Duration = .seconds(60)
    /// Between two looks of a job at a hold. Lifting it wakes the job at once, so this only bounds the wait that is shown.
    package var holdPause: Duration = .seconds(3600)

    /// The defaults above.
    package init() {}
}
