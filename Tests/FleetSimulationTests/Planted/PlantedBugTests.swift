import FleetSimulation
import FoundationEssentials
import Testing

/// What the random fleets and the invariants are worth: faults that are planted are found. An ordinary run begins where each was found before;
/// `UPLIFT_SOAK=1` looks from seed 1 on, up to 2,000 seeds a bug, as if nobody had.
@Suite struct PlantedBugTests {
    private static let isSoak = ProcessInfo.processInfo.environment["UPLIFT_SOAK"] == "1"
    private static let seedsMax: UInt64 = isSoak ? 2000 : 4

    @Test func nearlyAllAreFound() throws {
        var table: [[String]] = []
        for bug in PlantedBug.all {
            let find = try find(bug)
            table.append([bug.name, find.map { "\($0.seed)" } ?? "-", find?.what ?? "NOT FOUND within \(Self.seedsMax) seeds"])
        }
        let found = table.count { $0[1] != "-" }
        print("planted bugs: \(found) of \(table.count) found\n\(Self.aligned(table.sorted { $0[0] < $1[0] }))")
        #expect(PlantedBug.all.count >= 20 && found >= PlantedBug.all.count - 1)
    }

    /// Not each of them is a mistake that the invariants miss: there is a second line of defence, and it holds.
    @Test(arguments: PlantedBug.defended) func otherLinesOfDefenceHold(_ bug: PlantedBug) throws {
        for seed in bug.near..<(bug.near + (Self.isSoak ? 100 : 2)) {
            let verdict = try FleetRun(RandomScenario.scenario(seed: seed), seed: seed, workshop: bug.workshop()).run()
            #expect(verdict.violations.isEmpty, "\(bug.name), seed \(seed)")
        }
    }

    /// That calls can be lost, or a hub can have too much to do, excuses nothing: only that it was so.
    @Test func whatCouldHaveBeenExcusesNothing() throws {
        let bug = try #require(PlantedBug.all.first { $0.name == "the health command always says no" })
        var scenario = Fleets.upgrade()
        scenario.fleet[0].link.loss = 1e-9
        scenario.hub.requestsPerSecond = 10_000
        let verdict = try FleetRun(scenario, seed: 1, workshop: bug.workshop()).run(endsWhenBroken: true)
        #expect(verdict.violations.first?.what.contains("goes back, though nothing befell the machine") == true, "\(verdict.violations)")
    }

    private func find(_ bug: PlantedBug) throws -> (seed: UInt64, what: String)? {
        let first = Self.isSoak ? 1 : bug.near
        for seed in first..<(first + Self.seedsMax) {
            let run = try FleetRun(RandomScenario.scenario(seed: seed), seed: seed, workshop: bug.workshop())
            let verdict = run.run(endsWhenBroken: true)
            if let finding = verdict.violations.first ?? verdict.stuck.first { return (seed, "\(finding.node): \(finding.what)") }
        }
        return nil
    }

    private static func aligned(_ table: [[String]]) -> String {
        let widths = (0..<2).map { column in table.map { $0[column].count }.max() ?? 0 }
        return table.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ") + "  " + row[2]
        }.joined(separator: "\n")
    }
}
