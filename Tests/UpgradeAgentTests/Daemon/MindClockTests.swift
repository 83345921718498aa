import Testing
import UpgradeCore
import UpgradeModel
import UpgradeSimulation

@testable import UpgradeAgent

/// The wall clock jumps while the agent works: pauses and deadlines keep their length, tries are not lost. Only an appointment follows it.
@Suite struct MindClockTests {
    private static let boot1970 = UTCInstant(secondsSinceEpoch: 30)
    private static let year2026 = UTCInstant(secondsSinceEpoch: 1_767_225_600)

    /// A node that has begun a job and failed its first try.
    private func paused(at now: UTCInstant, database: SimDatabase = SimDatabase()) throws -> MindSite {
        let site = try MindSite(database: database, clock: SimClock(now: now))
        try site.engine.match()
        try site.engine.engine.handle(EngineSite.one, .chosen)
        try site.run { $0?.failures == 1 }
        return site
    }

    @Test(arguments: [(boot1970, year2026), (year2026, boot1970)])
    func `a clock that is set between two tries costs none of them`(before: UTCInstant, after: UTCInstant) throws {
        let site = try paused(at: before)
        site.clock.setWall(to: after)
        try site.run { $0.isEnded }
        guard case .ended(_, let ending)? = site.job else { return }
        let isWrong = after == Self.boot1970
        #expect(ending.outcome == (isWrong ? .precheckFailed : .downloadFailed))
        #expect(ending.reason.hasPrefix("given up after 20 tries: \(isWrong ? "the clock says 1970" : "the node is not registered")"))
        #expect(site.bell.pauses.count >= 19)
    }

    @Test func `a clock that is set at every pause costs nothing either`() throws {
        let site = try paused(at: Self.boot1970)
        site.bell.whenWaiting { [clock = site.clock] in clock.setWall(to: clock.now() < Self.year2026 ? Self.year2026 : Self.boot1970) }
        try site.run { $0.isEnded }
        guard case .ended(_, let ending)? = site.job else { return }
        #expect(ending.reason.hasPrefix("given up after 20 tries"))
    }

    @Test(arguments: [(boot1970, year2026), (year2026, boot1970)])
    func `a clock that is set during a pause does not change its length`(before: UTCInstant, after: UTCInstant) throws {
        let site = try MindSite(clock: SimClock(now: before))
        try site.engine.match()
        try site.engine.engine.handle(EngineSite.one, .chosen)
        site.bell.whenWaiting { [bell = site.bell, clock = site.clock] in
            clock.setWall(to: after)
            bell.ring()
            bell.whenWaiting(nil)
        }
        try site.run { $0?.failures == 2 }
        // The second half of the first pause follows on the interruption.
        let pauses = site.bell.pauses
        #expect(pauses.count == 3 && pauses[0] >= .seconds(5) && pauses[0] <= .seconds(10))
        #expect(abs(pauses[0] / 2 - pauses[1]) < .milliseconds(1))
    }

    @Test func `a node that starts anew in 1970 waits a day at most`() throws {
        let before = try paused(at: Self.year2026)
        let site = try MindSite(database: before.engine.database, clock: SimClock(now: Self.boot1970))
        try site.mind.wakeUp()
        try site.run { $0?.failures == 2 }
        #expect(site.bell.pauses.first == .seconds(86_400))
        #expect(site.bell.pauses.count == 2)
    }

    @Test func `an installer that stays silent loses the job after its time, whatever the clock says`() throws {
        let site = try MindSite(clock: SimClock(now: Self.year2026))
        _ = try site.handOver()
        site.run(turns: 2)
        site.clock.setWall(to: Self.boot1970)
        let start = site.clock.sinceBoot()
        try site.run(turns: 3000) { $0.isEnded }
        #expect(site.job?.message == "the installer did not begin in time")
        let time = site.clock.sinceBoot() - start
        #expect(time > .seconds(1790) && time < .seconds(1810))
    }

    // MARK: Appointments

    private func appointed(_ start: String, window: Int = 0, at now: UTCInstant = boot1970, takesStatuses: Bool = true) throws -> MindSite {
        let policy = NodeManagementPolicy(id: EngineSite.one, start: start, startWindowSeconds: window, manifest: "m")
        let site = try MindSite(clock: SimClock(now: now), policies: [policy], takesStatuses: takesStatuses)
        site.askHub()
        return site
    }

    @Test func `a job that waits for its start notices within a minute that the clock was set`() throws {
        let site = try appointed("2026-01-01T00:00:00Z")
        site.run(turns: 3)
        guard case .waiting? = site.job else {
            Issue.record("found \(String(describing: site.job))")
            return
        }
        #expect(site.bell.pauses.allSatisfy { $0 <= .seconds(60) })
        let start = site.clock.sinceBoot()
        site.bell.whenWaiting { [clock = site.clock] in clock.setWall(to: Self.year2026) }
        try site.run { $0?.ticket != nil }
        #expect(site.clock.sinceBoot() - start <= .seconds(60))
    }

    @Test func `a start that was drawn while the clock was ahead is drawn anew`() throws {
        let site = try appointed("now", window: 3600, at: Self.year2026)
        site.clock.setWall(to: Self.year2026.adding(.seconds(-59)))
        site.run(turns: 1)
        #expect(!site.hub.isEvaluationPending)
        site.clock.setWall(to: Self.boot1970)
        site.run(turns: 1)
        #expect(site.hub.isEvaluationPending)
    }

    @Test func `while its word cannot be sent nobody asks for it again and again`() throws {
        let site = try appointed("now", window: 3600, at: Self.year2026, takesStatuses: false)
        #expect(site.engine.words == ["one: waiting"] && !site.hub.isEvaluationPending)
        site.clock.setWall(to: Self.boot1970)
        site.run(turns: 1)
        #expect(!site.hub.isEvaluationPending)
    }

    @Test func `an appointment is kept at its time and not before`() throws {
        let site = try appointed("1970-01-01T00:10:00Z")
        try site.run { $0?.ticket != nil }
        #expect(site.clock.now() == UTCInstant(secondsSinceEpoch: 600))
    }
}

/// `abs` knows numbers only.
private func abs(_ time: Duration) -> Duration { max(time, .zero - time) }

extension JobState? {
    var isEnded: Bool { if case .ended? = self { true } else { false } }
}

extension JobState {
    /// Failed tries of the present attempt.
    var failures: Int {
        switch self {
        case .planning(_, let attempt), .downloading(_, let attempt, _), .unpacking(_, let attempt, _), .asking(_, let attempt, _, _),
            .paused(_, let attempt, _):
            attempt.failures
        case .waiting, .handedOver, .cancelling, .onTrial, .rollingBack, .rollbackFailed, .ended, .quarantined: 0
        }
    }
}
