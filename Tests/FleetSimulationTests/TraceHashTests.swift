import FleetSimulation
import Testing
import UpgradeModel

/// The same seed is the same run on every machine, in every build. Who changes what nodes do or say changes these, and takes the new ones over;
/// who makes the simulation faster does not.
@Suite struct TraceHashTests {
    @Test func aRolloutIsTheSameEverywhere() throws {
        let found = try hash(Fleets.upgrade())
        #expect(found == "8e4bf36b463007a0")
    }

    @Test func aSickBuildInGroupsIsTheSameEverywhere() throws {
        var scenario = Fleets.upgrade(.unhealthy)
        scenario.fleet[0].highAvailability = 3
        scenario.builds[0].sickShare = 0.5
        let found = try hash(scenario)
        #expect(found == "4d60b19b3d3c1442")
    }

    @Test func faultsAreTheSameEverywhere() throws {
        var scenario = Fleets.upgrade(.dies)
        scenario.builds[0].sickShare = 0.3
        scenario.fleet[0].link.loss = 0.05
        scenario.fleet[0].clockSkew = .seconds(90)
        let kinds: [Fault.Kind] = [.killAtOperation(40), .cutAtOperation(60), .partition, .hubAnswers(503), .clockJump(.seconds(7200))]
        scenario.faults = kinds.map { Fault($0, from: .seconds(550), until: .seconds(900)) }
        let found = try hash(scenario)
        #expect(found == "535845b5d1fcb0e1")
    }

    private func hash(_ scenario: Scenario) throws -> String { try FleetRun(scenario, seed: 1).run().traceHash }
}
