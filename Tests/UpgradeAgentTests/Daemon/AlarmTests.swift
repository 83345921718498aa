import Testing
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradeSimulation

/// Jobs wake by the clock that nobody can set.
@Suite struct AlarmTests {
    private static let policy = PolicyID(org: "o", name: "p")
    private static let terms = JobTerms(manifest: "m", allowDowngrade: false, start: "now", startWindow: 0)
    private let clock = SimClock()

    private func paused(_ pause: Duration) -> [PolicyID: JobState] {
        let next = clock.now().adding(pause)
        return [
            Self.policy: .paused(
                JobFacts(terms: Self.terms, scheduled: clock.now()),
                Attempt(ticket: Ticket(high: 1, low: 1), deadline: next), Pause(phase: .planning, nextTry: next, reason: "503"))
        ]
    }

    private func look(_ alarms: inout Alarms, _ jobs: [PolicyID: JobState]) -> [UTCInstant] {
        alarms.set(jobs, now: clock.now(), sinceBoot: clock.sinceBoot())
        return alarms.due(sinceBoot: clock.sinceBoot()).map(\.moment)
    }

    @Test(arguments: [-1_767_225_600, 0, 1_767_225_600]) func `a pause lasts as long as it was meant to`(set: Int64) throws {
        var alarms = Alarms(limits: JobLimits())
        let jobs = paused(.seconds(10))
        #expect(look(&alarms, jobs).isEmpty)
        #expect(alarms.pause(sinceBoot: clock.sinceBoot()) == .seconds(10))
        clock.setWall(to: clock.now().adding(.seconds(set)))
        clock.advance(by: .seconds(9))
        #expect(look(&alarms, jobs).isEmpty)
        clock.advance(by: .seconds(1))
        #expect(look(&alarms, jobs) == [try #require(jobs[Self.policy]?.wake)])
    }

    @Test func `a new moment is a new alarm`() {
        var alarms = Alarms(limits: JobLimits())
        #expect(look(&alarms, paused(.seconds(10))).isEmpty)
        clock.advance(by: .seconds(9))
        #expect(look(&alarms, paused(.seconds(10))).isEmpty)
        clock.advance(by: .seconds(9))
        #expect(look(&alarms, [:]).isEmpty)
        #expect(alarms.pause(sinceBoot: clock.sinceBoot()) == nil)
    }

    @Test func `after a restart with the clock set back nobody waits for years`() {
        let jobs = paused(.seconds(10))
        clock.setWall(to: UTCInstant(secondsSinceEpoch: 0))
        var alarms = Alarms(limits: JobLimits())
        #expect(look(&alarms, jobs).isEmpty)
        #expect(alarms.pause(sinceBoot: clock.sinceBoot()) == .seconds(86_400))
    }

    @Test func `an appointment is kept by the wall clock, not here`() {
        var alarms = Alarms(limits: JobLimits())
        let facts = JobFacts(terms: Self.terms, scheduled: clock.now())
        #expect(look(&alarms, [Self.policy: .waiting(facts)]).isEmpty)
    }
}
