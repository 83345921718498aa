import FleetSimulation

/// The fleet that is measured, and what happens to it.
extension SimulateBenchmark {
    /// Five minutes of quiet, then everybody to 1.1.0.
    var scenario: Scenario {
        var scenario = Scenario(name: "rollout")
        scenario.fleet = [NodeGroup(name: "edge", count: nodes)]
        scenario.duration = .seconds(hours * 3600)
        var rollout = Rollout(policy: "rollout", software: "1.1.0")
        rollout.window = .seconds(window)
        scenario.steps = [ScenarioStep(at: .seconds(300), .publish(rollout))]
        if faults { troubled(&scenario) }
        return scenario
    }

    private func troubled(_ scenario: inout Scenario) {
        scenario.fleet[0].highAvailability = 3
        scenario.fleet[0].link.loss = 0.02
        scenario.fleet[0].clockSkew = .seconds(90)
        scenario.builds = [Build(version: "1.1.0")]
        scenario.builds[0].sickness = .unhealthy
        scenario.builds[0].sickShare = 0.1
        let kinds: [Fault.Kind] = [
            .kill, .powerCut(back: .seconds(120)), .killAtOperation(40), .cutAtOperation(60), .partition, .hubAnswers(503),
            .clockJump(.seconds(3600)), .diskFull(free: 10_000),
        ]
        for (number, kind) in kinds.enumerated() {
            let begin = Duration.seconds(1800 + number * 300)
            var fault = Fault(kind, from: begin, until: begin + .seconds(600))
            fault.who = .part(0.2)
            scenario.faults.append(fault)
        }
    }
}
