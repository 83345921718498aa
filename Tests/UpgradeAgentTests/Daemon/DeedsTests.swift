import Testing
import UpgradePorts

@testable import UpgradeAgent

/// When the mind is woken.
@Suite struct DeedsTests {
    /// A poll that only said that this node lives wakes nobody, unless something waits for another chance.
    @Test(arguments: [(quiet: true, chores: false, rings: 0), (true, true, 1), (false, false, 1), (false, true, 1)])
    func aCycleRingsOnlyForAReason(isQuiet: Bool, hasChores: Bool, rings: Int) {
        let bell = CountingBell()
        let deeds = Deeds(bell: bell)
        deeds.setChores(hasChores)
        deeds.cycled(isQuiet: isQuiet)
        #expect(bell.rings.value == rings)
    }

    /// Before the mind has looked once nobody knows whether something waits.
    @Test func theFirstCycleRings() {
        let bell = CountingBell()
        Deeds(bell: bell).cycled(isQuiet: true)
        #expect(bell.rings.value == 1)
    }
}

private struct CountingBell: Bell {
    let rings = Shared(0)

    func ring() { rings.change { $0 += 1 } }

    func wait(atMost: Duration?) {}
}
