import Testing
import UpgradeCore
import UpgradeModel

@Suite struct SurroundingsRuleTests {
    private let year2026 = UTCInstant(secondsSinceEpoch: 1_767_225_600)

    @Test func aClockOfTheYear1970IsNotBelieved() throws {
        let text = try #require(SurroundingsRule.objection(toClock: UTCInstant(secondsSinceEpoch: 30), built: nil))
        #expect(text.hasPrefix("the clock says 1970-01-01T00:00:30Z, expected 2024-01-01T00:00:00Z or later"))
        #expect(text.hasSuffix("set the clock"))
        #expect(SurroundingsRule.objection(toClock: SurroundingsRule.earliest, built: nil) == nil)
        #expect(SurroundingsRule.objection(toClock: year2026, built: nil) == nil)
    }

    @Test func nobodyRunsBeforeItWasBuilt() {
        #expect(SurroundingsRule.objection(toClock: year2026, built: year2026) == nil)
        #expect(
            SurroundingsRule.objection(toClock: year2026, built: year2026.adding(.seconds(1)))?.contains("2026-01-01T00:00:01Z") == true)
        // A build machine with a wrong clock lowers nothing.
        let past = UTCInstant(secondsSinceEpoch: 0)
        #expect(SurroundingsRule.objection(toClock: past.adding(.seconds(1)), built: past) != nil)
    }

    private func objection(_ isOnMains: Bool, _ percent: Int?, minimum: Int = 30) -> String? {
        SurroundingsRule.objection(toPower: PowerState(isOnMains: isOnMains, percent: percent), minimum: minimum)
    }

    @Test func anEmptyBatteryIsWaitedFor() {
        #expect(
            objection(false, 17)
                == "the node runs on battery at 17 %, expected mains or at least 30 % (battery-min-percent); connect it to mains")
        #expect(objection(false, 29) != nil)
        #expect(objection(false, 30) == nil)
        #expect(objection(true, 1) == nil)
        #expect(objection(false, nil) == nil)
        #expect(objection(false, 0, minimum: 0) == nil)
        #expect(SurroundingsRule.objection(toPower: nil, minimum: 100) == nil)
    }

    @Test func spaceIsCountedForBothReleases() throws {
        let need = SpaceRule.Need(step: "unpack", files: 1000, database: 200, left: 30)
        #expect(need.bytes == 1000 + 200 + 30 + 65_536 + 1_048_576)
        #expect(SpaceRule.objection(free: need.bytes, need: need) == nil)
        let text = try #require(SpaceRule.objection(free: need.bytes - 1, need: need))
        #expect(text.hasPrefix("too little space to unpack: found \(need.bytes - 1) bytes free, expected at least \(need.bytes) ("))
        #expect(text.contains("1000 for the files, 200 for the database") && text.contains("30 to be left"))
    }

    @Test func whatIsInstalledHasRoom() {
        #expect(SpaceRule.objection(free: 3072, installing: [1, 2], below: "/") == nil)
        #expect(SpaceRule.objection(free: 0, installing: [], below: "/") == nil)
        #expect(
            SpaceRule.objection(free: 3071, installing: [1, 2, -9], below: "/")
                == "too little space to install: found 3071 bytes free, expected at least 3072 (Installed-Size of 3 Debian packages); free "
                + "space under /, for example with `apt-get clean`")
        #expect(SpaceRule.objection(free: .max - 1, installing: [.max, 1], below: "/") != nil)
    }

    @Test func noSumOverflows() {
        let need = SpaceRule.Need(step: "unpack", files: .max, database: .max, left: -5)
        #expect(need.bytes == .max)
        #expect(SpaceRule.objection(free: .max - 1, need: need) != nil)
    }
}
