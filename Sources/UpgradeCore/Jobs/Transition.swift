import UpgradeModel

/// What the machine answers. Source: architecture, "The machine".
package enum Transition: Hashable, Sendable {
    /// A new state, to be committed with everything that is owed, before any effect runs.
    case moved(Move)
    /// Nothing to do: a level that was known, or a wake-up for an earlier state.
    case unchanged
    /// A late or repeated answer; normal, counted.
    case stale(String)
    /// Cannot happen; logged and shown on a node, a failed run in the simulator.
    case rejected(String)
}

/// One step of a job.
package struct Move: Hashable, Sendable {
    /// nil = the job vanishes.
    package var state: JobState?
    /// Statuses owed to the exchange, in order.
    package var owed: [OwedReport]
    /// To be done after the commit, in order.
    package var effects: [JobEffect]
    /// For the event log; nil when no person needs to know.
    package var note: String?

    /// Memberwise.
    package init(_ state: JobState?, owed: [OwedReport] = [], effects: [JobEffect] = [], note: String? = nil) {
        self.state = state
        self.owed = owed
        self.effects = effects
        self.note = note
    }
}

/// Something that the exchange must be told.
package enum OwedReport: Hashable, Sendable {
    /// A status with the facts of that moment.
    case status(Status, JobFacts, reason: String)
    /// The status row is to be deleted; rows still owed for this policy are void.
    case deletion
    /// The node's `softwareVersions` after a commit.
    case softwareVersions
}

/// Work for the driver, imperative. Every asynchronous one carries its run or ticket.
package enum JobEffect: Hashable, Sendable {
    /// Read manifest, version lists and metadata.
    case plan(RunID, JobTerms)
    /// Fetch and verify.
    case fetch(RunID, JobPlan)
    /// Unpack and compare.
    case unpack(RunID, JobPlan)
    /// Ask the high-availability group, if the node is in one, whether it is this node's turn.
    case askTurn(RunID)
    /// Stop whatever runs for this attempt.
    case stopProcedure(Ticket)
    /// Write the plan into the job folder and ask for an installer.
    case handOver(Handover)
    /// Write the file `cancel` into the job folder.
    case requestCancel(Ticket)
    /// Take the job folder back if the install lock is free and nothing was switched.
    case reclaim(Ticket)
    /// Remove the job folder.
    case removeFolder(Ticket)
    /// Evaluate the policies again: a row vanished that may match anew.
    case evaluate
}
