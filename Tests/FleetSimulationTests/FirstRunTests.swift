import FleetSimulation
import Testing
import UpgradeModel

/// Whole runs of small fleets.
struct FirstRunTests {
    @Test func aGoodBuildReachesEveryNode() throws {
        var scenario = Scenario(name: "good")
        scenario.fleet = [NodeGroup(name: "edge", count: 5)]
        scenario.steps = [ScenarioStep(at: .seconds(600), .publish(Rollout(policy: "p", software: "1.1.0")))]
        scenario.expectations = [.status(policy: "p", .successful, atLeast: 1, atMost: 1, by: nil), .version("1.1.0", atLeast: 1, atMost: 1)]
        let run = try FleetRun(scenario, seed: 1)
        let verdict = run.run()
        print(verdict)
        for line in run.lines(of: "edge-1").prefix(40) { print(line.at.short, line.what) }
        #expect(verdict.outcome == .passed)
    }
}
