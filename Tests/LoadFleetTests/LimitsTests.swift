import FleetSimulation
import Testing
import UpgradeModel

@testable import LoadFleet

/// What a true hub cannot be asked for is refused, with the word that asks for it.
@Suite struct LimitsTests {
    private static var scenario: Scenario {
        var scenario = Scenario(name: "load")
        scenario.fleet = [NodeGroup(name: "edge", count: 2)]
        scenario.steps = [ScenarioStep(at: .zero, .publish(Rollout(policy: "p", software: "1.1.0")))]
        return scenario
    }

    private static let changes: [(word: String, change: @Sendable (inout Scenario) -> Void)] = [
        ("'faults'", { $0.faults = [Fault(.kill, from: .zero, until: .zero)] }), ("'loss'", { $0.fleet[0].link.loss = 0.1 }),
        ("'requests-per-second'", { $0.hub.requestsPerSecond = 5 }), ("'size'", { $0.builds = [big] }),
        ("'down'", { $0.expectations = [.down(atMost: 1)] }), ("'happened'", { $0.expectations = [.happened("x", atLeast: 1, atMost: 1)] }),
        ("'down-in-group'", { $0.expectations = [.downInGroup(atMost: 1)] }), ("'faults'", { $0.expectations = [.faults(atLeast: 1)] }),
        ("'certificate'", { $0.expectations = [.file(.certificate, version: "1.0.0", atLeast: 1, atMost: 1)] }),
        ("'hold'", { $0.steps.append(ScenarioStep(at: .zero, .hold(.part(1)))) }),
        ("'replace'", { $0.steps.append(ScenarioStep(at: .zero, .replace(software: "1.1.0"))) }),
        ("'configuration'", { $0.steps.append(ScenarioStep(at: .zero, .publish(configuration))) }),
        ("no step publishes", { $0.steps = [ScenarioStep(at: .zero, .disable(policy: "p"))] }),
        ("are too many", { $0.fleet[0].count = 1_000_000 }),
    ]

    private static var big: Build {
        var build = Build(version: "1.1.0")
        build.size = 1 << 40
        return build
    }

    private static var configuration: Rollout {
        var rollout = Rollout(policy: "q")
        rollout.configuration = "1.0.0"
        return rollout
    }

    @Test func `a plain rollout is tried`() throws { try LoadLimits.check(Self.scenario) }

    @Test(arguments: changes.indices)
    func `what cannot be done is refused`(_ index: Int) {
        let (word, change) = Self.changes[index]
        var scenario = Self.scenario
        change(&scenario)
        do {
            try LoadLimits.check(scenario)
            Issue.record("\(word) was not refused")
        } catch {
            #expect(error.explanation.contains(word) && error.kind == .order, "\(error)")
        }
    }
}
