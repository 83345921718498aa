import FleetSimulation
import Testing
import UpgradeModel

/// What people do in the middle of an upgrade.
@Suite struct PeopleTests {
    /// Four nodes; nothing is published yet.
    private func scenario(_ steps: ScenarioStep...) -> Scenario {
        var scenario = Scenario(name: "people")
        scenario.fleet = [NodeGroup(name: "edge", count: 4)]
        scenario.steps = steps
        return scenario
    }

    private func publish(_ software: String, _ policy: String = "p", at: Int = 600, downgrade: Bool = false) -> ScenarioStep {
        var rollout = Rollout(policy: policy, software: software)
        rollout.allowsDowngrade = downgrade
        return ScenarioStep(at: .seconds(at), .publish(rollout))
    }

    @Test func twoPoliciesDueAtOnce() throws {
        var scenario = scenario(publish("1.1.0", "a"), publish("1.2.0", "b"))
        scenario.expectations = [.runs("1.2.0"), .status(policy: "b", .successful, atLeast: 1, atMost: 1, by: nil)]
        try Fleets.check(scenario)
    }

    /// What was wrong with a package is of no account once a good one has taken its place.
    @Test(arguments: Build.Damage.allCases) func aDamagedPackageIsReplaced(_ damage: Build.Damage) throws {
        var scenario = scenario(
            publish("1.1.0"), ScenarioStep(at: .seconds(3600), .replace(software: "1.1.0")),
            ScenarioStep(at: .seconds(7200), .reset(policy: "p", who: .part(1))))
        scenario.builds = [Build(version: "1.1.0")]
        scenario.builds[0].damage = damage
        scenario.expectations = [.runs("1.1.0"), .status(policy: "p", .successful, atLeast: 1, atMost: 1, by: nil)]
        try Fleets.check(scenario)
    }

    /// Whoever holds a node wants it to wait: that is an end of its own.
    @Test func aNodeThatStaysHeldWaits() throws {
        var scenario = scenario(ScenarioStep(at: .seconds(300), .hold(.node("edge-1"))), publish("1.1.0"))
        scenario.expectations = [
            .status(policy: "p", .waiting, atLeast: 0.25, atMost: 0.25, by: nil), .version("1.1.0", atLeast: 0.75, atMost: 0.75),
        ]
        try Fleets.check(scenario)
    }

    /// Asking more than once a second is not too much when people want it.
    @Test func whoIsToAskOftenAsksOften() throws {
        var scenario = scenario(publish("1.1.0"))
        scenario.fleet[0].settings[.pollInterval] = "0.5"
        scenario.expectations = [.runs("1.1.0")]
        try Fleets.check(scenario)
    }

    /// A slow download of ten minutes, in the middle of which the policy goes.
    @Test(arguments: [true, false]) func aPolicyThatGoesDuringTheDownload(isRemoved: Bool) throws {
        var scenario = scenario(
            publish("1.1.0"), ScenarioStep(at: .seconds(900), isRemoved ? .remove(policy: "p") : .disable(policy: "p")))
        scenario.faults = [Fault(.download(.slow(50_000)), from: .seconds(500), until: .seconds(2000))]
        scenario.expectations = [.runs("1.0.0"), .bytes(atMost: 4 * 30_000_000 - 1), .faults(atLeast: 4)]
        try Fleets.check(scenario)
    }

    /// An edit does not touch what is under way.
    @Test func aPolicyThatIsEditedDuringTheDownload() throws {
        var scenario = scenario(publish("1.1.0"), publish("1.2.0", at: 900))
        scenario.faults = [Fault(.download(.slow(50_000)), from: .seconds(500), until: .seconds(2000))]
        scenario.expectations = [.runs("1.1.0"), .status(policy: "p", .successful, atLeast: 1, atMost: 1, by: nil), .faults(atLeast: 4)]
        try Fleets.check(scenario)
    }

    /// While the old program cannot be started either.
    @Test func aResetDuringTheRollback() throws {
        var scenario = Fleets.upgrade(.hangs)
        scenario.faults = [Fault(.noAgentStarts, from: .seconds(700), until: .seconds(5000))]
        scenario.steps.append(ScenarioStep(at: .seconds(3000), .reset(policy: "p", who: .part(1))))
        scenario.expectations = [.runs("1.0.0"), .happened("p rollback successful", atLeast: 1, atMost: 1), .faults(atLeast: 6)]
        try Fleets.check(scenario)
    }

    @Test func aHeldNodeBeginsNothing() throws {
        var scenario = scenario(ScenarioStep(at: .seconds(300), .hold(.node("edge-1"))), publish("1.1.0"))
        scenario.expectations = [
            .version("1.1.0", atLeast: 0.75, atMost: 0.75), .status(policy: "p", .successful, atLeast: 1, atMost: 1, by: nil),
        ]
        #expect(try FleetRun(scenario, seed: 1).run().outcome != .passed)
        scenario.steps.append(ScenarioStep(at: .seconds(7200), .unhold(.node("edge-1"))))
        scenario.expectations = [
            .status(policy: "p", .successful, atLeast: 1, atMost: 1, by: .seconds(9000)), .runs("1.1.0"),
        ]
        try Fleets.check(scenario)
    }

    /// At every second of an upgrade; what is in the installer's hands comes to its end first.
    @Test(arguments: Array(stride(from: 605, to: 700, by: 7))) func aNodeThatIsUnregistered(at second: Int) throws {
        var scenario = scenario(publish("1.1.0"), ScenarioStep(at: .seconds(second), .unregister(.part(1))))
        scenario.expectations = [.happened("DELETE /node: 200", atLeast: 1, atMost: 1)]
        try Fleets.check(scenario, seeds: 1...1)
    }

    @Test(arguments: [true, false], [true, false]) func aDowngrade(policyAllows: Bool, nodeAllows: Bool) throws {
        var scenario = scenario(publish("0.9.0", downgrade: policyAllows))
        scenario.fleet[0].settings[.allowDowngrade] = nodeAllows ? "yes" : "no"
        let isAllowed = policyAllows && nodeAllows
        scenario.expectations = [
            .runs(isAllowed ? "0.9.0" : "1.0.0"),
            .status(policy: "p", isAllowed ? .successful : .noActionRequired, atLeast: 1, atMost: 1, by: nil),
        ]
        try Fleets.check(scenario)
    }
}
