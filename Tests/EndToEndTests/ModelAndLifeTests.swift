import FleetSimulation
import Foundation
import RealFleet
import Testing
import UpgradeModel
import UpgradeTransfer
import UpgradeTrust

/// The same scenarios in the model and with the true programs: every node must say the same words in the same order.
@Suite(.serialized) struct ModelAndLifeTests {
    /// Scenarios at a time: most of them wait most of the time.
    private static let lanes = 4

    @Test func theModelSaysWhatTrueProgramsSay() throws {
        let open = Shared(Lives.all[...])
        let begun = Date()
        try inParallel(Self.lanes) { _ in while let scenario = open.with({ $0.popFirst() }) { try compare(scenario) } }
        print("model and life: \(Lives.all.count) scenarios in \(Int(Date().timeIntervalSince(begun))) s")
    }

    private func compare(_ scenario: Scenario) throws {
        let model = try FleetRun(scenario, seed: 1).run()
        let begun = Date()
        let life = try RealFleet(scenario, seed: 1, in: Self.world).run()
        let time = Int(Date().timeIntervalSince(begun))
        let (expected, found) = (Self.lines(model.courses, of: scenario), Self.lines(life.courses, of: scenario))
        let reasons = life.chronicle.groups.keys.map(\.reason).filter { !$0.isEmpty }.sorted()
        print("\(scenario.name), \(time) s: \(found == expected ? "agrees" : "DIFFERS"): \(found.joined(separator: "; ")) \(reasons)")
        if found != expected { print("  the model says: \(expected.joined(separator: "; ")) \(model.chronicle.groups.keys.map(\.reason))") }
        #expect(found == expected, "\(scenario.name)")
        #expect(life.outcome == .passed, "\(scenario.name): \(life.misses) \(life.violations) \(life.stuck)")
        #expect(model.outcome == .passed, "\(scenario.name): \(model.misses) \(model.violations) \(model.stuck)")
    }

    /// One line for each node and policy. Who of a group is first is chance, so its members are told apart by what they said alone.
    private static func lines(_ courses: Courses, of scenario: Scenario) -> [String] {
        let isGroup = scenario.fleet.contains { $0.highAvailability > 1 }
        let lines = courses.words.flatMap { node, policies in
            policies.map { policy, words in "\(isGroup ? "" : node + " ")\(policy): \(words.map(\.rawValue).joined(separator: ", "))" }
        }
        return lines.sorted()
    }

    /// What true programs cannot do is said in one sentence, before anything is started.
    @Test func whatCannotBeDoneForRealIsRefused() throws {
        var scenarios = Array(repeating: Lives.upgrade("refused"), count: 7)
        scenarios[0].faults = [FleetSimulation.Fault(.clockJump(.seconds(3600)), from: .zero, until: .zero)]
        scenarios[1].faults = [FleetSimulation.Fault(.diskFull(free: 0), from: .zero, until: .zero)]
        scenarios[2].fleet[0].count = 1000
        scenarios[3].expectations = [.requestsPerSecond(atMost: 1)]
        scenarios[4].fleet[0].link.loss = 0.1
        scenarios[5].faults = [FleetSimulation.Fault(.cutAtOperation(3), from: .zero, until: .zero)]
        scenarios[6].builds = [Build(version: "1.1.0")]
        scenarios[6].builds[0].sickness = .exits
        scenarios[6].builds[0].sickOn = ["edge-1"]
        let words = ["'clock-jump'", "'disk-full'", "1000 nodes", "'requests-per-second'", "'loss'", "'cut-at-operation'", "'sick-on'"]
        for (scenario, word) in zip(scenarios, words) {
            do {
                _ = try RealFleet(scenario, seed: 1, in: Self.world)
                Issue.record("\(word) was not refused")
            } catch let failure as LiveFailure {
                #expect(
                    failure.explanation.contains(word) && failure.explanation.contains("cannot be") && failure.kind == .order, "\(failure)")
            }
        }
    }

    /// The command line, with the programs beside it. What is expected of them is looked at: the opposite is missed.
    @Test func aWrongExpectationIsMissedOnTheCommandLine() throws {
        let file = Scratch()
        let path = file.path + "/wrong.yaml"
        try """
        name: wrong
        fleet: [{name: edge, count: 2, high-availability: 2}]
        steps: [{at: 10m, publish: p, software: 1.1.0}]
        expect:
        - {version: 1.0.0}
        - {status: failed, policy: p}
        - {down-in-group: 0}
        """.write(toFile: path, atomically: true, encoding: .utf8)
        let told = try tool([Programs.path("uplift"), "simulate", path, "--real"], accept: [20])
        let misses = [
            "0 of 2 nodes run 1.0.0", "0 of 2 nodes of policy p are failed", "1 members of one group down at once, expected at most 0",
            "Again: uplift simulate \(path) --seed 1 --real",
        ]
        for miss in misses { #expect(told.contains(miss), "\(told)") }
    }

    private static var world: RealWorld {
        RealWorld(programs: Programs.folder, http: CurlHTTPCaller(), keys: LiveKeyMaker(), makeDigest: { LiveDigest() })
    }
}

/// Scenarios that model and life can both run.
private enum Lives {
    static let all: [Scenario] =
        [good, refusedDowngrade, group, constrained, goodThenSick, killed, partitioned, hubAway, switchedOff, newest, nothingInRange]
        + [allowedDowngrade, damaged, tryAgain, changedMind, twoPolicies]
        + [Build.Sickness.cannotStart, .exits, .hangs, .unhealthy, .dies, .deaf].map(sick)

    /// One node that is to move to 1.1.0.
    static func upgrade(_ name: String, to version: String = "1.1.0", of builds: [String] = []) -> Scenario {
        var scenario = Scenario(name: name)
        scenario.builds = builds.map { Build(version: $0) }
        scenario.fleet = [NodeGroup(name: "edge", count: 1)]
        scenario.steps = [ScenarioStep(at: .seconds(600), .publish(Rollout(policy: "p", software: version)))]
        return scenario
    }

    private static func ending(_ scenario: Scenario, _ status: Status, _ version: String) -> Scenario {
        var scenario = scenario
        scenario.expectations = [
            .status(policy: "p", status, atLeast: 1, atMost: 1, by: nil), .version(version, atLeast: 1, atMost: 1),
        ]
        return scenario
    }

    static let good = ending(upgrade("good"), .successful, "1.1.0")

    private static func sick(_ sickness: Build.Sickness) -> Scenario {
        var scenario = upgrade("program: \(sickness.rawValue)")
        scenario.builds = [Build(version: "1.1.0")]
        scenario.builds[0].sickness = sickness
        return ending(scenario, .rollbackSuccessful, "1.0.0")
    }

    /// One after the other: each is refused before anything is changed.
    private static var damaged: Scenario {
        var scenario = upgrade("damaged packages")
        scenario.steps = []
        for (index, damage) in [Build.Damage.unsigned, .stranger, .corrupt, .short, .missing].enumerated() {
            var build = Build(version: "1.\(index + 1).0")
            build.damage = damage
            scenario.builds.append(build)
            let rollout = Rollout(policy: damage.rawValue, software: build.version)
            scenario.steps.append(ScenarioStep(at: .seconds(600 + 3600 * index), .publish(rollout)))
            scenario.expectations.append(.status(policy: damage.rawValue, .downloadFailed, atLeast: 1, atMost: 1, by: nil))
        }
        scenario.expectations.append(.version("1.0.0", atLeast: 1, atMost: 1))
        return scenario
    }

    private static let refusedDowngrade = ending(upgrade("downgrade", to: "0.9.0"), .noActionRequired, "1.0.0")

    /// Both begin at one instant, so that one waits for the other.
    private static var group: Scenario {
        var rollout = Rollout(policy: "p", software: "1.1.0")
        rollout.start = .seconds(1800)
        var scenario = upgrade("group of two")
        scenario.fleet[0].count = 2
        scenario.fleet[0].highAvailability = 2
        scenario.steps = [ScenarioStep(at: .seconds(600), .publish(rollout))]
        scenario = ending(scenario, .successful, "1.1.0")
        scenario.expectations.append(.downInGroup(atMost: 1))
        return scenario
    }

    /// Of two nodes one is meant; the other says nothing.
    private static var constrained: Scenario {
        var rollout = Rollout(policy: "p", software: "1.1.0")
        rollout.constraints = ["colour == red"]
        var scenario = upgrade("constrained")
        scenario.fleet = ["red", "blue"].map { colour in
            var group = NodeGroup(name: colour, count: 1)
            group.properties = [Property(name: "colour", value: .string(colour))]
            return group
        }
        scenario.steps = [ScenarioStep(at: .seconds(600), .publish(rollout))]
        scenario.expectations = [.version("1.1.0", atLeast: 0.5, atMost: 0.5)]
        return scenario
    }

    private static var goodThenSick: Scenario {
        var scenario = upgrade("good, then sick")
        scenario.builds = [Build(version: "1.2.0")]
        scenario.builds[0].sickness = .unhealthy
        scenario.steps.append(ScenarioStep(at: .seconds(7200), .publish(Rollout(policy: "q", software: "1.2.0"))))
        return ending(scenario, .successful, "1.1.0")
    }

    private static func faulty(_ name: String, _ kind: FleetSimulation.Fault.Kind, nodes: Int = 1) -> Scenario {
        var scenario = upgrade(name)
        scenario.fleet[0].count = nodes
        scenario.faults = [FleetSimulation.Fault(kind, from: .seconds(600), until: .seconds(700))]
        return ending(scenario, .successful, "1.1.0")
    }

    private static let killed = faulty("killed in the middle", .kill, nodes: 3)
    private static let partitioned = faulty("partition", .partition)
    private static let hubAway = faulty("hub answers 503", .hubAnswers(503))

    private static let newest = ending(upgrade("newest", to: "latest", of: ["1.1.0", "1.3.0"]), .successful, "1.3.0")
    private static let nothingInRange = ending(
        upgrade("nothing in range", to: "[7.0.0,8.0.0)", of: ["1.1.0"]), .precheckFailed, "1.0.0")

    private static var allowedDowngrade: Scenario {
        var rollout = Rollout(policy: "p", software: "0.9.0")
        rollout.allowsDowngrade = true
        var scenario = upgrade("downgrade allowed")
        scenario.steps = [ScenarioStep(at: .seconds(600), .publish(rollout))]
        return ending(scenario, .successful, "0.9.0")
    }

    /// After a reset the same build fails again.
    private static var tryAgain: Scenario {
        var scenario = sick(.unhealthy)
        scenario.name = "reset"
        scenario.steps.append(ScenarioStep(at: .seconds(7200), .reset(policy: "p", who: .part(1))))
        return scenario
    }

    /// A policy that asks for something else later: that counts after a reset.
    private static var changedMind: Scenario {
        var scenario = upgrade("changed policy")
        scenario.steps += [
            ScenarioStep(at: .seconds(7200), .publish(Rollout(policy: "p", software: "1.2.0"))),
            ScenarioStep(at: .seconds(9000), .reset(policy: "p", who: .node("edge-1"))),
        ]
        return ending(scenario, .successful, "1.2.0")
    }

    /// A second policy that asks for what is there.
    private static var twoPolicies: Scenario {
        var scenario = upgrade("two policies")
        scenario.steps.append(ScenarioStep(at: .seconds(7200), .publish(Rollout(policy: "q", software: "1.1.0"))))
        scenario = ending(scenario, .successful, "1.1.0")
        scenario.expectations.append(.status(policy: "q", .noActionRequired, atLeast: 1, atMost: 1, by: nil))
        return scenario
    }

    /// A policy that is switched off, and then removed.
    private static var switchedOff: Scenario {
        var scenario = upgrade("switched off")
        scenario.steps += [
            ScenarioStep(at: .seconds(7200), .disable(policy: "p")), ScenarioStep(at: .seconds(9000), .remove(policy: "p")),
            ScenarioStep(at: .seconds(10_800), .publish(Rollout(policy: "q", software: "1.2.0"))),
        ]
        scenario.expectations = [.version("1.2.0", atLeast: 1, atMost: 1)]
        return scenario
    }
}
