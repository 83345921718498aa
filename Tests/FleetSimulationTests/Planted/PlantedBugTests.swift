import FleetSimulation
import FoundationEssentials
import Testing

/// What the random fleets and the invariants are worth: faults that are planted are found. `UPLIFT_SOAK=1` looks as long as it takes, up to 2,000
/// seeds a bug.
@Suite struct PlantedBugTests {
    private static let isSoak = ProcessInfo.processInfo.environment["UPLIFT_SOAK"] == "1"
    private static let seedsMax: UInt64 = isSoak ? 2000 : 60

    private struct Find {
        let seed: UInt64
        let what: String
    }

    @Test func nearlyAllAreFound() throws {
        var found = 0
        for bug in PlantedBug.all {
            let find = try find(bug)
            found += find == nil ? 0 : 1
            print("planted: \(bug.name) | \(find.map { "seed \($0.seed) | \($0.what)" } ?? "NOT FOUND within \(Self.seedsMax) seeds")")
        }
        print("planted: \(found) of \(PlantedBug.all.count) found")
        #expect(PlantedBug.all.count >= 20 && found >= PlantedBug.all.count - 1)
    }

    /// Not each of them is a mistake that the invariants miss: there is a second line of defence, and it holds.
    @Test func otherLinesOfDefenceHold() throws {
        for bug in PlantedBug.defended {
            for seed in 1...(Self.seedsMax / 12) {
                let verdict = try FleetRun(RandomScenario.scenario(seed: seed), seed: seed, workshop: bug.workshop()).run()
                #expect(verdict.violations.isEmpty, "\(bug.name), seed \(seed)")
            }
        }
    }

    private func find(_ bug: PlantedBug) throws -> Find? {
        let first = Self.isSoak ? 1 : bug.near
        for seed in first..<(first + Self.seedsMax) {
            let verdict = try FleetRun(RandomScenario.scenario(seed: seed), seed: seed, workshop: bug.workshop()).run()
            if let first = verdict.violations.first ?? verdict.stuck.first { return Find(seed: seed, what: "\(first.node): \(first.what)") }
        }
        return nil
    }
}
