import Testing
import UpgradeCore
import UpgradeModel

@Suite struct ScheduleTests {
    private let now = UTCInstant(secondsSinceEpoch: 1_800_000_000)

    @Test func onlyDuePoliciesAreChosenAndTiesFollowTheName() {
        let at = { (name: String, seconds: Int64) in
            SelectionRule.Candidate(id: name, scheduled: UTCInstant(secondsSinceEpoch: 1_800_000_000 + seconds))
        }
        #expect(SelectionRule.next(among: [at("later", 1)], now: now) == nil)
        #expect(SelectionRule.next(among: [at("later", 1), at("due", 0), at("old", -9)], now: now) == "due")
        #expect(SelectionRule.next(among: [at("b", -5), at("a", -5), at("c", -5)], now: now) == "a")
    }

    @Test func readsTheStart() throws {
        #expect(try ScheduleRule.start("now", now: now, lastUpdated: nil) == now)
        #expect(try ScheduleRule.start("now", now: now, lastUpdated: "2025-08-07T12:34:56.123456Z") == now)
        #expect(try ScheduleRule.start("now", now: now, lastUpdated: "nonsense[UTC]") == now)
        #expect(
            try ScheduleRule.start("now", now: now, lastUpdated: "2025-08-07T12:34:56.5Z[UTC]")
                == UTCInstant(secondsSinceEpoch: 1_754_570_096, nanoseconds: 500_000_000))
        #expect(try ScheduleRule.start("2026-01-02T03:04:05+02:00", now: now, lastUpdated: nil).secondsSinceEpoch == 1_767_315_845)
        let error = #expect(throws: ScheduleError.self) { try ScheduleRule.start("tomorrow", now: now, lastUpdated: nil) }
        #expect(error?.explanation.contains("'tomorrow'") == true)
    }

    @Test func theWindowIsFilledEvenlyAndNeverLeft() {
        #expect(ScheduleRule.delay(windowSeconds: 0, chance: .max) == .zero)
        #expect(ScheduleRule.delay(windowSeconds: -5, chance: .max) == .zero)
        #expect(ScheduleRule.delay(windowSeconds: 1, chance: .max) == .zero)
        #expect(ScheduleRule.delay(windowSeconds: 10, chance: 0) == .zero)
        #expect(ScheduleRule.delay(windowSeconds: 10, chance: .max) == .seconds(9))
        #expect(ScheduleRule.delay(windowSeconds: 10, chance: 1 << 63) == .seconds(5))
        #expect(ScheduleRule.delay(windowSeconds: .max, chance: .max) == .seconds(Int64.max - 1))
    }

    @Test func theWindowIsAddedToTheStart() throws {
        let policy = NodeManagementPolicy(id: PolicyID(org: "o", name: "p"), start: "now", startWindowSeconds: 100)
        #expect(try ScheduleRule.schedule(of: policy, now: now, chance: .max) == now.adding(.seconds(99)))
        var endless = policy
        endless.startWindowSeconds = .max
        #expect(try ScheduleRule.schedule(of: endless, now: .distantFuture, chance: .max) == .distantFuture)
    }
}
