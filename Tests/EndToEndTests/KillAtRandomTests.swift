import Foundation
import Testing

/// Kills at instants that nobody chose: `UPLIFT_SOAK=1`, and `UPLIFT_SEED` to see the same again.
@Suite(.serialized) struct KillAtRandomTests {
    @Test(.enabled(if: ProcessInfo.processInfo.environment["UPLIFT_SOAK"] == "1", "SKIPPED: set UPLIFT_SOAK=1"))
    func everyUpgradeEndsAsIfNothingWasKilled() throws {
        let given = ProcessInfo.processInfo.environment["UPLIFT_SEED"].flatMap { UInt64($0) }
        let seed = given ?? UInt64.random(in: 1...UInt64.max)
        print("UPLIFT_SEED=\(seed)")
        var dice = Dice(state: seed)
        var lane = try KillLane()
        for round in 1...30 {
            let isSick = dice.next(below: 2) == 1
            let victim = KillVictim.allCases[dice.next(below: 4)]
            let delay = dice.next(below: isSick ? 3000 : 1500)
            let what = "round \(round), seed \(seed): \(victim) killed \(delay) ms after a \(isSick ? "sick" : "good") package"
            do {
                var attempt = try lane.begin(sick: isSick)
                usleep(UInt32(delay) * 1000)
                let killed = try lane.strike(victim, &attempt)
                print("\(what): \(killed) processes")
                try lane.judge(attempt)
            } catch {
                Issue.record(lane.explained(error, what))
                lane = try KillLane()
            }
        }
    }
}

private struct Dice {
    var state: UInt64

    mutating func next(below limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(limit))
    }
}
