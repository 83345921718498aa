import FleetSimulation
import Testing
import UpgradeModel

/// Smaller scenarios with the same end.
@Suite struct ShrinkerTests {
    @Test func whatDoesNotMatterGoes() throws {
        var scenario = Fleets.upgrade()
        scenario.fleet[0].count = 16
        scenario.faults = [
            Fault(.kill, from: .seconds(100), until: .seconds(200)), Fault(.partition, from: .seconds(10), until: Fault.theEnd),
        ]
        scenario.expectations = [.status(policy: "p", .successful, atLeast: 1, atMost: 1, by: .seconds(7200))]
        let verdict = try FleetRun(scenario, seed: 1).run()
        #expect(verdict.outcome == .wrongResult)
        var shrinker = Shrinker(scenario, verdict)
        let reduction = shrinker.shrink()
        #expect(reduction == Reduction(nodes: 1, without: [ScenarioPart(.faults, 0)]))
        #expect(try FleetRun(reduction.of(scenario), seed: 1).run().outcome == .wrongResult)
    }

    /// What is missed is part of the end: fewer machines fetch less.
    @Test func anotherMissIsAnotherEnd() throws {
        var scenario = Fleets.upgrade()
        scenario.expectations = [.bytes(atMost: 100_000_000), .runs("1.0.0")]
        let verdict = try FleetRun(scenario, seed: 1).run()
        #expect(verdict.misses.count == 2)
        var shrinker = Shrinker(scenario, verdict)
        #expect(shrinker.shrink() == Reduction())
    }

    /// Parts keep their numbers, whatever another end takes away.
    @Test func anotherEndComesLast() {
        var scenario = Fleets.upgrade()
        scenario.faults = [7200, 100, 200].map { Fault(.kill, from: .seconds($0), until: .seconds($0)) }
        let reduction = Reduction(without: [ScenarioPart(.faults, 1)], duration: .seconds(3600))
        #expect(reduction.of(scenario).faults.map(\.from) == [.seconds(200)])
        #expect((0...2).map { reduction.keeps(ScenarioPart(.faults, $0), of: scenario) } == [false, false, true])
    }

    @Test func whatNamesAMachineGoesWithIt() throws {
        var scenario = Fleets.upgrade()
        scenario.fleet[0].count = 4
        var fault = Fault(.kill, from: .seconds(100), until: .seconds(100))
        fault.who = .node(scenario.fleet[0].name + "-4")
        scenario.faults = [fault]
        scenario.expectations = [.status(policy: "p", .successful, atLeast: 1, atMost: 1, by: .seconds(0))]
        var shrinker = Shrinker(scenario, try FleetRun(scenario, seed: 1).run())
        let reduction = shrinker.shrink()
        #expect(reduction == Reduction(nodes: 1, without: [ScenarioPart(.faults, 0)]))
        #expect(scenario.strangers.isEmpty && scenario.scaled(to: 3).strangers.map(\.node) == [scenario.fleet[0].name + "-4"])
    }

    @Test func aFleetKeepsTheMachinesWhereABuildIsSick() throws {
        var scenario = Fleets.upgrade(.exits)
        scenario.fleet[0].count = 8
        scenario.builds[0].sickOn = ["edge-4"]
        scenario.expectations = [.status(policy: "p", .successful, atLeast: 1, atMost: 1, by: nil)]
        var shrinker = Shrinker(scenario, try FleetRun(scenario, seed: 1).run())
        #expect(shrinker.shrink().nodes == 4)
        #expect(scenario.sickStrangers.isEmpty && scenario.scaled(to: 3).sickStrangers.map(\.node) == ["edge-4"])
    }

    @Test func runsAndTimeAreBounded() throws {
        var scenario = Fleets.upgrade()
        scenario.expectations = [.runs("1.0.0")]
        let verdict = try FleetRun(scenario, seed: 1).run()
        var none = Shrinker(scenario, verdict, runsMax: 0)
        #expect(none.shrink() == Reduction())
        var late = Shrinker(scenario, from: Reduction(nodes: 4), verdict) { true }
        #expect(late.shrink() == Reduction(nodes: 4))
    }

    @Test func aFleetIsScaledInProportion() {
        var scenario = Scenario(name: "a")
        scenario.fleet = [NodeGroup(name: "a", count: 60), NodeGroup(name: "b", count: 30), NodeGroup(name: "c", count: 10)]
        #expect(scenario.scaled(to: 1000).fleet.map(\.count) == [600, 300, 100])
        #expect(scenario.scaled(to: 10).fleet.map(\.count) == [6, 3, 1])
        #expect(scenario.scaled(to: 1).fleet.map(\.count) == [1, 1, 1])
        for count in 3...200 { #expect(scenario.scaled(to: count).nodeCount == count) }
    }

    @Test func anotherDurationKeepsWhatIsBeforeItsEnd() {
        var scenario = Fleets.upgrade()
        scenario.steps.append(ScenarioStep(at: .seconds(7200), .disable(policy: "p")))
        scenario.faults = [Fault(.kill, from: .seconds(7200), until: Fault.theEnd)]
        scenario.expectations = [.status(policy: "p", .successful, atLeast: 1, atMost: 1, by: .seconds(7200)), .runs("1.1.0")]
        let shorter = scenario.lasting(.seconds(3600))
        #expect(shorter.steps.count == 1 && shorter.faults.isEmpty && shorter.expectations.count == 2)
        guard case .status(_, _, _, _, nil) = shorter.expectations[0] else { return #expect(Bool(false)) }
        #expect(ScenarioPart("faults[12]") == ScenarioPart(.faults, 12) && ScenarioPart(.expect, 0).text == "expect[0]")
        #expect(["", "faults", "faults[-1]", "faults[]", "hub[0]", "faults[0"].allSatisfy { ScenarioPart($0) == nil })
    }
}
