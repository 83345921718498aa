import Testing
import UpgradeModel
import UpgradePorts
import UpgradeSystem

/// Clocks and chance of the real machine.
@Suite("Real clock and chance")
struct LiveClockTests {
    @Test("Time passes, and the boot has a number")
    func clock() throws {
        let clock = try LiveClock()
        let (wall, boot) = (clock.now(), clock.sinceBoot())
        #expect(clock.now() >= wall && clock.sinceBoot() >= boot && boot > .zero)
        #expect(wall.secondsSinceEpoch > 1_700_000_000)
        #expect(clock.bootID.utf8.count == 36)
        #expect(try LiveClock().bootID == clock.bootID)
    }

    @Test("Chance does not repeat itself")
    func chance() {
        #expect(Set((0..<100).map { _ in LiveRandomness().next() }).count == 100)
    }
}
