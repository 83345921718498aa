import FleetSimulation
import Testing
import UpgradeModel

/// Whole runs of small fleets.
@Suite struct FleetRunTests {
    @Test func aGoodBuildReachesEveryNode() throws {
        var scenario = Fleets.upgrade()
        scenario.expectations = [.status(policy: "p", .successful, atLeast: 1, atMost: 1, by: .seconds(3600)), .runs("1.1.0")]
        try Fleets.check(scenario)
    }

    /// However the new program is sick, the old one runs again.
    @Test(arguments: Build.Sickness.allCases.filter { $0 != .diesLater })
    func aSickBuildIsRolledBack(_ sickness: Build.Sickness) throws {
        var scenario = Fleets.upgrade(sickness)
        scenario.expectations = [.status(policy: "p", .rollbackSuccessful, atLeast: 1, atMost: 1, by: nil), .runs("1.0.0")]
        try Fleets.check(scenario)
    }

    /// What is sick only after its trial was a success; nothing is untrue in that.
    @Test func aBuildThatDiesLaterWasSuccessful() throws {
        var scenario = Fleets.upgrade(.diesLater)
        scenario.expectations = [.status(policy: "p", .successful, atLeast: 1, atMost: 1, by: .seconds(3600)), .unwell(atMost: 6)]
        try Fleets.check(scenario)
        // Unless somebody says so, no fleet is well that dies.
        scenario.expectations.removeLast()
        let misses = try FleetRun(scenario, seed: 1).run().misses
        #expect(misses == ["6 nodes have committed a version that dies by itself or reaches no hub, expected at most 0"])
    }

    @Test(arguments: Build.Damage.allCases.filter { $0 != .replayed }) func aDamagedPackageChangesNothing(_ damage: Build.Damage) throws {
        var scenario = Fleets.upgrade()
        scenario.builds = [Build(version: "1.1.0")]
        scenario.builds[0].damage = damage
        scenario.expectations = [.status(policy: "p", .downloadFailed, atLeast: 1, atMost: 1, by: nil), .runs("1.0.0")]
        try Fleets.check(scenario)
    }

    /// Of a group one member at a time is upgraded, whatever the others wait for.
    @Test func oneMemberOfAGroupAtATime() throws {
        var scenario = Fleets.upgrade()
        scenario.fleet[0].highAvailability = 3
        scenario.fleet[0].count = 9
        scenario.expectations = [.downInGroup(atMost: 1), .runs("1.1.0")]
        try Fleets.check(scenario)
    }

    /// A fault at any moment, and at any operation of the disk, leaves old or new, and true words.
    @Test(arguments: [
        Fault.Kind.kill, .powerCut(back: .seconds(120)), .killAtOperation(40), .cutAtOperation(60), .partition, .hubAnswers(503),
    ])
    func faultsPass(_ kind: Fault.Kind) throws {
        var scenario = Fleets.upgrade()
        scenario.faults = [Fault(kind, from: .seconds(550), until: .seconds(800))]
        scenario.expectations = [.runs("1.1.0")]
        try Fleets.check(scenario)
    }

    /// A node that was out of reach when a policy was replaced by another one of its name must not keep the old outcome for it.
    @Test func aPolicyThatWasReplacedMeanwhileBeginsAnew() throws {
        var scenario = Fleets.upgrade()
        var second = Rollout(policy: "p", software: "1.2.0")
        second.start = .seconds(9000)
        scenario.steps += [ScenarioStep(at: .seconds(7200), .remove(policy: "p")), ScenarioStep(at: .seconds(7300), .publish(second))]
        scenario.faults = [Fault(.partition, from: .seconds(7000), until: .seconds(8000))]
        scenario.expectations = [.status(policy: "p", .successful, atLeast: 1, atMost: 1, by: nil), .runs("1.2.0")]
        try Fleets.check(scenario)
    }

    @Test func theSameSeedIsTheSameRun() throws {
        var scenario = Fleets.upgrade(.exits)
        scenario.builds[0].sickShare = 0.5
        scenario.faults = [Fault(.powerCut(back: .seconds(60)), from: .seconds(550), until: .seconds(800))]
        let hashes = try [7, 7, 8].map { try FleetRun(scenario, seed: $0).run().traceHash }
        #expect(hashes[0] == hashes[1])
        #expect(hashes[0] != hashes[2])
    }

    /// A machine that nobody has heard of yet is asked about, too.
    @Test func whoIsConcernedAndSaysNothingCounts() throws {
        var scenario = Fleets.upgrade()
        var fault = Fault(.partition, from: .zero, until: .seconds(7200))
        scenario.faults = (2...6).map { number in
            fault.who = .node("edge-\(number)")
            return fault
        }
        scenario.expectations = [.status(policy: "p", .successful, atLeast: 1, atMost: 1, by: .seconds(3600))]
        let misses = try FleetRun(scenario, seed: 1).run().misses
        #expect(misses == ["1 of 6 nodes of policy p are successful, expected 100%, at 1h"], "\(misses)")
        scenario.steps = [ScenarioStep(at: .seconds(600), .publish(constrained("openhorizon.arch == s390x")))]
        scenario.expectations = [.status(policy: "p", .failed, atLeast: 0, atMost: 0, by: nil)]
        let empty = try FleetRun(scenario, seed: 1).run().misses
        #expect(empty == ["0 of 0 nodes of policy p are failed, expected 0%, and nobody is concerned"], "\(empty)")
    }

    /// The run is not over before those that it is for have heard of a policy, whatever its constraints.
    @Test func aPolicyWithConstraintsIsWaitedFor() throws {
        var scenario = Fleets.upgrade(.unhealthy)
        scenario.fleet.append(NodeGroup(name: "gate", count: 1))
        scenario.fleet[0].properties = [Property(name: "site", value: .string("berlin"))]
        let rollout = constrained("site == berlin AND openhorizon.operatingSystem == debian")
        scenario.steps = [ScenarioStep(at: scenario.duration, .publish(rollout))]
        scenario.expectations = [.status(policy: "p", .rollbackSuccessful, atLeast: 1, atMost: 1, by: nil)]
        try Fleets.check(scenario)
    }

    private func constrained(_ constraint: String) -> Rollout {
        var rollout = Rollout(policy: "p", software: "1.1.0")
        rollout.constraints = [constraint]
        return rollout
    }

    /// What is expected is looked at: the opposite is not found.
    @Test func aWrongExpectationIsMissed() throws {
        var scenario = Fleets.upgrade()
        scenario.expectations = [.runs("1.0.0")]
        #expect(try FleetRun(scenario, seed: 1).run().outcome == .wrongResult)
    }
}

/// Small fleets.
enum Fleets {
    /// Six nodes that are to move to 1.1.0 after ten minutes.
    static func upgrade(_ sickness: Build.Sickness? = nil) -> Scenario {
        var scenario = Scenario(name: "upgrade")
        scenario.fleet = [NodeGroup(name: "edge", count: 6)]
        scenario.steps = [ScenarioStep(at: .seconds(600), .publish(Rollout(policy: "p", software: "1.1.0")))]
        if let sickness {
            scenario.fleet[0].hasHealthProbe = sickness == .breaksProbe
            scenario.builds = [Build(version: "1.1.0")]
            scenario.builds[0].sickness = sickness
        }
        return scenario
    }

    /// Runs it with a few seeds; what happened on a node that is part of a finding is told.
    static func check(_ scenario: Scenario, seeds: ClosedRange<UInt64> = 1...2) throws {
        for seed in seeds {
            let run = try FleetRun(scenario, seed: seed)
            let verdict = run.run()
            guard verdict.outcome != .passed else { continue }
            let node = (verdict.violations + verdict.stuck).first?.node ?? "edge-1"
            let story = run.lines(of: node).map { "\(Unit.time($0.at)) \($0.what)" }.joined(separator: "\n")
            Issue.record("seed \(seed): \(verdict.misses) \(verdict.violations.prefix(3)) \(verdict.stuck.prefix(3))\n\(node):\n\(story)")
        }
    }
}

extension FleetExpectation {
    /// Every node runs this version.
    static func runs(_ version: String) -> FleetExpectation { .version(version, atLeast: 1, atMost: 1) }
}
