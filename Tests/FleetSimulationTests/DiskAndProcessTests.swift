import FleetSimulation
import Testing
import UpgradeModel

/// Disks, databases, clocks and processes that fail. Every fault is seen to have an effect.
@Suite struct DiskAndProcessTests {
    private func scenario(_ kind: Fault.Kind, from: Duration = .seconds(550), until: Duration = .seconds(800)) -> Scenario {
        var scenario = Fleets.upgrade()
        scenario.faults = [Fault(kind, from: from, until: until)]
        scenario.expectations = [.faults(atLeast: 1)]
        return scenario
    }

    /// Whatever the disk refuses once, the node ends old or new, with a true word.
    @Test(arguments: Array(stride(from: 1, through: 120, by: 7))) func oneOperationFails(_ number: Int) throws {
        for kind in [Fault.Kind.diskError(atOperation: number), .noSpace(atOperation: number)] {
            try Fleets.check(scenario(kind, from: .seconds(590), until: .seconds(600)), seeds: 1...1)
        }
    }

    @Test(arguments: 1...16) func oneCommitFails(_ number: Int) throws {
        for kind in [Fault.Kind.commitFails(number), .commitUncertain(number)] {
            try Fleets.check(scenario(kind, from: .seconds(590), until: .seconds(600)), seeds: 1...1)
        }
    }

    @Test(arguments: [0, 1, 2, 4, 8]) func aDatabaseThatCanOnlyBeRead(after commits: Int) throws {
        var scenario = scenario(.readOnlyDatabase(after: commits), from: .seconds(590), until: .seconds(4000))
        scenario.expectations.append(.runs("1.1.0"))
        try Fleets.check(scenario)
    }

    @Test func aFullDisk() throws {
        var scenario = scenario(.diskFull(free: 100), until: .seconds(3000))
        scenario.expectations.append(.happened("precheck failed", atLeast: 1, atMost: 1))
        try Fleets.check(scenario)
    }

    /// The end of one of two reasons is not that of the other.
    @Test(arguments: [Fault.Kind.diskFull(free: 100), .readOnlyDatabase(after: 0)]) func faultsThatOverlap(_ kind: Fault.Kind) throws {
        var scenario = scenario(kind, from: .seconds(100), until: .seconds(4000))
        scenario.faults.append(Fault(kind, from: .seconds(50), until: .seconds(500)))
        scenario.expectations = [
            .status(policy: "p", .successful, atLeast: 0, atMost: 0, by: .seconds(3900)), .faults(atLeast: 6),
        ]
        try Fleets.check(scenario, seeds: 1...1)
    }

    /// A lost database is told as such: nothing is begun before a person says so.
    @Test(arguments: [Fault.Kind.databaseLost, .databaseDamaged]) func aLostDatabase(_ kind: Fault.Kind) throws {
        var scenario = scenario(kind)
        scenario.expectations.append(.happened("database", atLeast: 1, atMost: 1))
        try Fleets.check(scenario)
    }

    @Test(arguments: [-50, 10]) func aWrongClock(years: Int) throws {
        var scenario = scenario(.clockWrong(.seconds(years * 365 * 86400)), from: .seconds(500), until: .seconds(7200))
        scenario.expectations.append(.runs("1.1.0"))
        try Fleets.check(scenario)
    }

    @Test func anAgentThatHangsIsStartedAgain() throws {
        var scenario = scenario(.agentHangs)
        scenario.expectations += [.runs("1.1.0"), .happened("signal 6", atLeast: 0.5, atMost: 1)]
        try Fleets.check(scenario)
    }

    /// Again and again at the same age: what it has done by then counts.
    @Test(arguments: [110, 150, 300, 600]) func anInstallerThatIsKilledAgainAndAgain(milliseconds: Int) throws {
        var scenario = scenario(.killInstaller(after: .milliseconds(milliseconds)), from: .seconds(590), until: .seconds(4000))
        scenario.expectations = [.faults(atLeast: 6)]
        try Fleets.check(scenario)
    }

    /// A good system survives any number of power cycles that are no fault of it.
    @Test(arguments: [1, 5, 20]) func quickPowerCycles(apart: Int) throws {
        var scenario = scenario(.powerCycles(3, apart: .seconds(apart)), from: .seconds(610), until: .seconds(700))
        scenario.expectations = [.faults(atLeast: 18)]
        try Fleets.check(scenario, seeds: 1...6)
    }

    /// The way back fails as long as nothing can be started, and works then; the words say both.
    @Test func aRollbackThatFailsAtFirst() throws {
        var scenario = Fleets.upgrade(.hangs)
        scenario.faults = [Fault(.noAgentStarts, from: .seconds(700), until: .seconds(5000))]
        scenario.expectations = [
            .happened("p rollback failed", atLeast: 1, atMost: 1),
            .status(policy: "p", .rollbackSuccessful, atLeast: 1, atMost: 1, by: nil),
            .runs("1.0.0"),
        ]
        try Fleets.check(scenario)
    }

    /// Starts after a rollback do not begin it anew.
    @Test func restartsAfterARollbackAreNoLoop() throws {
        var scenario = Fleets.upgrade(.exits)
        scenario.faults = [
            Fault(.kill, from: .seconds(1500), until: .seconds(1600)),
            Fault(.powerCut(back: .seconds(30)), from: .seconds(2000), until: .seconds(2100)),
            Fault(.kill, from: .seconds(2500), until: .seconds(2600)),
        ]
        scenario.expectations = [
            .status(policy: "p", .rollbackSuccessful, atLeast: 1, atMost: 1, by: nil), .runs("1.0.0"), .bytes(atMost: 6 * 33_000_000),
            .faults(atLeast: 18),
        ]
        try Fleets.check(scenario)
    }
}
