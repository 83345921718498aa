import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Values with every optional empty and with every optional filled.
enum StoreSamples {
    static let policy = PolicyID(org: "org", name: "policy")
    static let odd = PolicyID(org: "o'rg\"; DROP TABLE jobs; --", name: "név/\u{1F680}\nline\u{0}nul")
    static let moment = UTCInstant(secondsSinceEpoch: 1_700_000_000, nanoseconds: 123_456_789)
    static let later = UTCInstant(secondsSinceEpoch: 1_700_003_600)
    static let ticket = Ticket(high: 0x0123_4567_89ab_cdef, low: 1)
    static let terms = JobTerms(manifest: "org/manifest", allowDowngrade: true, start: "2025-08-07T12:34:56Z", startWindow: 600)
    static let bareTerms = JobTerms(manifest: "", allowDowngrade: false, start: "now", startWindow: 0)
    static let plan = JobPlan(versions: [.software: "1.1.0", .configuration: "2", .certificate: "3.0"], files: [file])
    static let emptyPlan = JobPlan(versions: [:], files: [])
    static let file = JobFile(
        component: .software, version: "1.1.0", objectType: "agent_software_files-1.1.0", objectID: "horizon-agent-linux-deb-amd64.tar.gz",
        length: Int64.max, hashAlgorithm: "SHA256", publicKey: "a/b+c==", signature: "\"\\")

    static var facts: JobFacts {
        var facts = JobFacts(terms: terms, scheduled: moment)
        facts.started = later
        facts.ended = later
        facts.versions = [.software: "1.1.0", .configuration: "2", .certificate: "3"]
        facts.latest = [.software: "1.1.0"]
        return facts
    }

    static let bareFacts = JobFacts(terms: bareTerms, scheduled: moment)

    static var attempt: Attempt {
        var attempt = Attempt(ticket: ticket, deadline: later)
        attempt.run = 7
        attempt.failures = 3
        attempt.waitedSeconds = 12.5
        attempt.distrusts = 1
        return attempt
    }

    static let bareAttempt = Attempt(ticket: ticket, deadline: later)

    static var handover: Handover {
        var handover = Handover(ticket: ticket, plan: plan, oldRelease: 3, newRelease: 4, deadline: later)
        handover.lastRecord = 5
        return handover
    }

    static let bareHandover = Handover(ticket: ticket, plan: emptyPlan, oldRelease: 1, newRelease: 2, deadline: later)

    /// Every case of `JobState`, of what is in it, and of every optional.
    static var states: [JobState] {
        let phases: [Pause.Phase] = [.planning, .downloading(plan), .unpacking(emptyPlan)]
        return [
            .waiting(bareFacts), .waiting(facts),
            .planning(bareFacts, bareAttempt), .planning(facts, attempt),
            .downloading(bareFacts, bareAttempt, emptyPlan), .downloading(facts, attempt, plan),
            .unpacking(bareFacts, bareAttempt, emptyPlan), .unpacking(facts, attempt, plan),
        ] + phases.map { .paused(facts, attempt, Pause(phase: $0, nextTry: later, reason: "the hub answered 503")) } + [
            .handedOver(bareFacts, bareHandover), .handedOver(facts, handover),
            .cancelling(bareFacts, bareHandover, .wait), .cancelling(facts, handover, .vanish),
            .onTrial(bareFacts, bareHandover), .onTrial(facts, handover),
            .rollingBack(bareFacts, bareHandover, cause: ""), .rollingBack(facts, handover, cause: "health: exit 1"),
            .rollbackFailed(bareFacts, bareHandover, cause: ""), .rollbackFailed(facts, handover, cause: "first; second"),
        ] + Ending.Outcome.allCases.map { .ended(facts, Ending($0, reason: "because")) } + [
            .ended(bareFacts, Ending(.successful)),
            .quarantined(reason: "database lost", nil), .quarantined(reason: "", terms),
        ]
    }

    static let contents: [OutboxRow.Content] = [
        .status(StatusReport(status: .downloadFailed, facts: facts, reason: "404")),
        .status(StatusReport(status: .waiting, facts: bareFacts, reason: "")),
        .deletion,
        .softwareVersions([.software: "1", .configuration: "2", .certificate: "3"]),
        .softwareVersions([:]),
    ]

    static func row(_ number: Int, _ content: OutboxRow.Content = .deletion, policy: PolicyID = policy) -> OutboxRow {
        OutboxRow(number: number, policy: policy, content: content)
    }

    static func refused(_ number: Int) -> UndeliverableRow {
        UndeliverableRow(row: row(number, contents[0]), code: 404, answer: "no such policy", at: moment)
    }

    static func health(_ number: Int) -> HealthReport {
        let verdicts = HealthResult.Verdict.allCases
        let results = verdicts.enumerated().map {
            HealthResult(name: "probe \($0)", verdict: $1, sentence: "it's \"\(number)\"", at: moment, took: .milliseconds(1234 + number))
        }
        return HealthReport(ticket: ticket, baseline: [results[0]], results: results, isGood: number.isMultiple(of: 2))
    }

    static func event(_ number: Int, policy: PolicyID? = nil) -> EventLogRow {
        EventLogRow(at: moment, severity: "info", code: "test", message: "event \(number)", policy: policy)
    }

    static func operation(
        _ number: Int, id: String? = nil, _ activity: Operation.Activity = .download, _ stage: Operation.Stage = .completed,
        policy: PolicyID? = odd, at: UTCInstant = later, lives: Duration = .seconds(100)
    ) -> Operation {
        var operation = Operation(
            id: id ?? "it's \"\(number)\"", activity, policy: policy, ticket: ticket, begun: moment, at: at, stage, "operation \(number)")
        (operation.number, operation.expires) = (number, at.adding(lives))
        return operation
    }
}
