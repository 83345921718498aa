import UpgradeModel

/// Where the job of one policy stands. Each case carries its own data; the status word is derived (`JobState.status`).
///
/// Stored as JSON by synthesized coding: renaming a case or a field needs a migration of the store (a golden sample in the tests
/// notices it).
package enum JobState: Codable, Hashable, Sendable {
    /// Not due yet, or not chosen yet. Goes to: planning, vanished, precheck failed.
    case waiting(JobFacts)
    /// The manifest is read and files are chosen. Goes to: downloading, paused, ended, waiting, vanished.
    case planning(JobFacts, Attempt)
    /// Files are fetched and verified. Goes to: unpacking, paused, ended, waiting, vanished.
    case downloading(JobFacts, Attempt, JobPlan)
    /// The package is unpacked beside the live release. Goes to: asking, paused, ended, waiting, vanished.
    case unpacking(JobFacts, Attempt, JobPlan)
    /// Everything is ready, and the high-availability group is asked whether it is this node's turn; `refusal` is why it was not so far.
    /// Goes to: handed over, paused, waiting, vanished.
    case asking(JobFacts, Attempt, JobPlan, refusal: String?)
    /// Between two tries of a phase. Goes to: the phase, waiting, vanished.
    case paused(JobFacts, Attempt, Pause)
    /// The installer's turn, nothing switched yet. Goes to: cancelling, on trial, ended.
    case handedOver(JobFacts, Handover)
    /// As handed over, and the installer was asked to stop. Goes to: on trial (it was too late), waiting, vanished, ended.
    case cancelling(JobFacts, Handover, AfterCancel)
    /// From `switch-intended` on: the installer decides. Goes to: ended, rolling back.
    case onTrial(JobFacts, Handover)
    /// The new version was no good. Goes to: ended, rollback failed.
    case rollingBack(JobFacts, Handover, cause: String)
    /// Neither version could be started; the installer keeps trying the old one. Goes to: ended.
    case rollbackFailed(JobFacts, Handover, cause: String)
    /// Nothing more happens by itself. Goes to: waiting (reset), vanished.
    case ended(JobFacts, Ending)
    /// The stored record is damaged or lost; nothing starts before a reset. Goes to: waiting (reset), vanished.
    case quarantined(reason: String, JobTerms?)
}

/// One attempt, from its start to its end; retries and restarts stay in it.
package struct Attempt: Codable, Hashable, Sendable {
    /// The attempt's name and folder.
    package var ticket: Ticket
    /// Counts the procedures begun; an answer of an earlier run is stale.
    package var run: Int
    /// Failed tries so far.
    package var failures: Int
    /// Time spent in pauses so far.
    package var waitedSeconds: Double
    /// Times that freshly fetched bytes were not believed.
    package var distrusts: Int
    /// A run that has not answered by then has failed.
    package var deadline: UTCInstant

    /// A first run.
    package init(ticket: Ticket, deadline: UTCInstant) {
        self.ticket = ticket
        run = 1
        failures = 0
        waitedSeconds = 0
        distrusts = 0
        self.deadline = deadline
    }

    /// Names the present run.
    package var runID: RunID { RunID(ticket: ticket, run: run) }

    /// The next run of the same attempt.
    package func next(deadline: UTCInstant) -> Attempt {
        var next = self
        next.run += 1
        next.deadline = deadline
        return next
    }
}

/// One run of one procedure of one attempt: what an asynchronous answer carries.
package struct RunID: Codable, Hashable, Sendable {
    /// The attempt.
    package let ticket: Ticket
    /// Its run.
    package let run: Int

    /// Memberwise.
    package init(ticket: Ticket, run: Int) {
        self.ticket = ticket
        self.run = run
    }
}

/// A wait between two tries.
package struct Pause: Codable, Hashable, Sendable {
    /// What is tried again.
    package enum Phase: Codable, Hashable, Sendable {
        /// Manifest and metadata.
        case planning
        /// Files.
        case downloading(JobPlan)
        /// The package.
        case unpacking(JobPlan)
        /// The group's turn.
        case asking(JobPlan, refusal: String?)
    }

    /// What is tried again.
    package var phase: Phase
    /// When.
    package var nextTry: UTCInstant
    /// Why the last try failed.
    package var reason: String

    /// Memberwise.
    package init(phase: Phase, nextTry: UTCInstant, reason: String) {
        self.phase = phase
        self.nextTry = nextTry
        self.reason = reason
    }
}

/// A job in the installer's hands.
package struct Handover: Codable, Hashable, Sendable {
    /// The attempt's name and folder.
    package var ticket: Ticket
    /// What is installed.
    package var plan: JobPlan
    /// Number of the release that runs.
    package var oldRelease: Int
    /// Number of the release that is made.
    package var newRelease: Int
    /// The highest journal record that was taken in; 0 = none.
    package var lastRecord: Int
    /// Before the switch: the job is taken back after this.
    package var deadline: UTCInstant

    /// Memberwise, nothing taken in yet.
    package init(ticket: Ticket, plan: JobPlan, oldRelease: Int, newRelease: Int, deadline: UTCInstant) {
        self.ticket = ticket
        self.plan = plan
        self.oldRelease = oldRelease
        self.newRelease = newRelease
        lastRecord = 0
        self.deadline = deadline
    }
}

/// What becomes of a job once its installer has given it back.
package enum AfterCancel: String, Codable, Hashable, Sendable {
    /// It starts anew.
    case wait
    /// It vanishes on both sides.
    case vanish
}

/// How a job ended.
package struct Ending: Codable, Hashable, Sendable {
    /// The endings that exist.
    package enum Outcome: String, Codable, Hashable, Sendable, CaseIterable {
        /// See `Status`.
        case successful, noActionRequired, precheckFailed, downloadFailed, rollbackSuccessful
    }

    /// How.
    package let outcome: Outcome
    /// One sentence; empty when there is nothing to explain.
    package let reason: String

    /// Memberwise.
    package init(_ outcome: Outcome, reason: String = "") {
        self.outcome = outcome
        self.reason = reason
    }
}
