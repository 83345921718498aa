import UpgradeModel

/// One job in every state that is told apart, with instants, tickets and runs that can be told apart as well. The handbook's table and
/// the tests walk over these.
package enum SampleStates {
    /// The moment of every sample event that does not wait for another one.
    package static let now = UTCInstant(secondsSinceEpoch: 1_800_000_000)
    /// The ticket of every sample attempt.
    package static let ticket = Ticket(high: 1, low: 1)
    /// A ticket of some attempt before.
    package static let otherTicket = Ticket(high: 9, low: 9)
    /// The ticket that a new attempt gets.
    package static let freshTicket = Ticket(high: 2, low: 2)
    /// The present run, so that there are earlier ones.
    package static let run = 3
    /// When the sample job may start.
    package static let scheduled = now.adding(.seconds(10))
    /// When a run has taken too long.
    package static let runDeadline = now.adding(.seconds(20))
    /// When the next try begins.
    package static let nextTry = now.adding(.seconds(30))
    /// When an installer has taken too long to switch.
    package static let handoverDeadline = now.adding(.seconds(40))
    /// What the sample policy asks.
    package static let terms = JobTerms(manifest: "org/manifest", allowDowngrade: false, start: "now", startWindow: 0)
    /// The same after an edit.
    package static let editedTerms = JobTerms(manifest: "org/other", allowDowngrade: false, start: "now", startWindow: 60)
    /// The same after a typing error.
    package static let unreadableTerms = JobTerms(manifest: "org/manifest", allowDowngrade: false, start: "tomorrow", startWindow: 0)
    /// Why it is not the sample node's turn.
    package static let refusal = "another member of the group is being upgraded"
    /// Who holds the sample node.
    package static let hold = "held by root"
    /// What the sample job leads to.
    package static let plan = JobPlan(versions: [.software: "2.0.0"], files: [])

    /// Software of this version is the newest, and nothing else is offered.
    package static func offered(_ software: String) -> PerComponent<String> {
        PerComponent(software: software, configuration: "", certificate: "")
    }

    /// Every state, in the order of a life; nil is a policy without a job.
    package static let all: [JobState?] = begun + installing + over

    private static var attempt: Attempt {
        var attempt = Attempt(ticket: ticket, deadline: runDeadline)
        attempt.run = run
        return attempt
    }

    private static func facts(_ terms: JobTerms = terms) -> JobFacts { JobFacts(terms: terms, scheduled: scheduled) }

    private static func handover(lastRecord: Int) -> Handover {
        var handover = Handover(ticket: ticket, plan: plan, oldRelease: 1, newRelease: 2, deadline: handoverDeadline)
        handover.lastRecord = lastRecord
        return handover
    }

    private static func paused(_ phase: Pause.Phase) -> JobState {
        .paused(facts(), attempt, Pause(phase: phase, nextTry: nextTry, reason: "no route to the hub"))
    }

    private static var begun: [JobState?] {
        [
            nil, .waiting(facts()), .planning(facts(), attempt), .downloading(facts(), attempt, plan), .unpacking(facts(), attempt, plan),
            .asking(facts(), attempt, plan, refusal: nil), .asking(facts(), attempt, plan, refusal: refusal), paused(.planning),
            paused(.downloading(plan)), paused(.unpacking(plan)), paused(.asking(plan, refusal: nil)),
            paused(.asking(plan, refusal: refusal)),
        ]
    }

    private static var installing: [JobState?] {
        [
            .handedOver(facts(), handover(lastRecord: 0)), .cancelling(facts(), handover(lastRecord: 0), .wait),
            .cancelling(facts(), handover(lastRecord: 0), .vanish), .onTrial(facts(), handover(lastRecord: 3)),
            .rollingBack(facts(), handover(lastRecord: 5), cause: "not ready"),
            .rollbackFailed(facts(), handover(lastRecord: 6), cause: "not ready"),
        ]
    }

    private static var over: [JobState?] {
        Ending.Outcome.allCases.map { .ended(facts(), Ending($0, reason: "")) } + [
            .ended(facts(unreadableTerms), Ending(.precheckFailed, reason: "the start cannot be read")),
            .quarantined(reason: "database lost", terms), .quarantined(reason: "damaged", nil),
        ]
    }
}
