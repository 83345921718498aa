import Testing
import UpgradeCore
import UpgradeModel

/// Many short lives in a world where everything possible happens.
@Suite struct RandomWalkTests {
    static let walks = 10_000
    static let steps = 60

    @Test func everyWalkKeepsTheRulesAndComesToRest() {
        var endings: Set<Ending.Outcome> = []
        var stale = 0
        for seed in 0..<UInt64(RandomWalkTests.walks) {
            var world = RandomWorld(seed: seed)
            for _ in 0..<RandomWalkTests.steps { world.step() }
            let before = StateTable.title(world.state).text
            let rests = world.comesToRest(within: 40)
            #expect(rests, "seed \(seed): still \(StateTable.title(world.state).text), was \(before)")
            #expect(world.violations.isEmpty, "seed \(seed)")
            endings.formUnion(world.counts.endings)
            stale += world.counts.stale
        }
        // The walks are worth something only if they get everywhere.
        #expect(endings == Set(Ending.Outcome.allCases))
        #expect(stale > RandomWalkTests.walks)
    }

    @Test func theSameSeedLeadsTheSameWay() {
        for seed in 0..<UInt64(500) { #expect(trace(seed) == trace(seed), "seed \(seed)") }
        #expect(trace(1) != trace(2))
    }

    private func trace(_ seed: UInt64) -> [JobState?] {
        var world = RandomWorld(seed: seed)
        return (0..<RandomWalkTests.steps).map { _ in
            world.step()
            return world.state
        }
    }
}
