import FleetSimulation
import Testing
import UpgradeModel

/// High-availability groups and a hub at its limit.
@Suite struct GroupTests {
    private func groups(_ count: Int = 3) -> Scenario {
        var scenario = Fleets.upgrade()
        scenario.fleet[0].highAvailability = 3
        scenario.fleet[0].count = count
        return scenario
    }

    /// It goes back, and the others are upgraded one after the other.
    @Test func oneMemberIsNeverHealthy() throws {
        var scenario = groups(9)
        scenario.builds = [Build(version: "1.1.0")]
        scenario.builds[0].sickness = .unhealthy
        scenario.builds[0].sickOn = ["edge-1", "edge-5", "edge-9"]
        scenario.expectations = [
            .downInGroup(atMost: 1), .status(policy: "p", .rollbackSuccessful, atLeast: 0.33, atMost: 0.34, by: nil),
            .version("1.1.0", atLeast: 0.66, atMost: 0.67),
        ]
        try Fleets.check(scenario)
    }

    /// Whoever has the turn loses its power for hours; the others get theirs once the lease is over.
    @Test(arguments: ["edge-1", "edge-2", "edge-3"]) func theHolderOfTheTurnDies(_ holder: String) throws {
        var scenario = groups()
        var fault = Fault(.powerCut(back: .seconds(4 * 3600)), from: .seconds(640), until: .seconds(660))
        fault.who = .node(holder)
        scenario.faults = [fault]
        scenario.expectations = [
            .status(policy: "p", .successful, atLeast: 0.66, atMost: 1, by: .seconds(3 * 3600)), .runs("1.1.0"), .faults(atLeast: 1),
        ]
        try Fleets.check(scenario)
    }

    /// Starts are spread over the window, and the hub answers so many and no more; nobody is lost.
    @Test func aFleetAtALimitedHub() throws {
        var scenario = Scenario(name: "limited")
        scenario.fleet = [NodeGroup(name: "edge", count: 120)]
        var rollout = Rollout(policy: "p", software: "1.1.0")
        rollout.window = .seconds(3600)
        scenario.steps = [ScenarioStep(at: .seconds(600), .publish(rollout))]
        scenario.hub.requestsPerSecond = 12
        scenario.expectations = [
            .status(policy: "p", .successful, atLeast: 0.4, atMost: 0.7, by: .seconds(2500)), .runs("1.1.0"), .down(atMost: 20),
        ]
        try Fleets.check(scenario)
    }
}
