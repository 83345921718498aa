import UpgradeModel
import UpgradeSimulation

/// A small fleet and some hours of trouble, drawn by a seed: its own sizes, rollouts and faults, and whole classes of faults that it does without,
/// so that few of them meet often and deeply instead of all of them always ("swarm testing").
package struct RandomScenario {
    /// Disk operations of a process during one upgrade, and a few more: any of them may be the last one.
    package static let operationsMax = 420

    let dice: SimRandomness
    var scenario: Scenario

    private init(seed: UInt64) {
        dice = SimRandomness(seed: seed ^ 0x5EED_0F_F1EE7)
        scenario = Scenario(name: "random-\(seed)")
    }

    /// The scenario of a seed, on every machine the same one.
    package static func scenario(seed: UInt64) -> Scenario {
        var random = RandomScenario(seed: seed)
        random.drawFleet()
        random.drawBuilds()
        random.drawSteps()
        random.drawFaults()
        // Some builds die after they were committed: what is looked for is what must never be.
        random.scenario.expectations = [.unwell(atMost: random.scenario.nodeCount)]
        return random.scenario
    }

    // MARK: Fleet

    private mutating func drawFleet() {
        scenario.duration = dice.duration(.seconds(3600), .seconds(5 * 3600))
        scenario.settling = .seconds(48 * 3600)
        // Not less than the calls of one cycle of one node, which come at once.
        if dice.happens(0.15) { scenario.hub.requestsPerSecond = dice.number(15...60) }
        var left = dice.number(1...12)
        for index in 0..<dice.number(1...3) where left > 0 {
            var group = NodeGroup(name: ["edge", "gate", "till"][index], count: index == 2 ? left : dice.number(1...left))
            left -= group.count
            if dice.happens(0.4) { group.highAvailability = dice.number(2...4) }
            group.link = link()
            if dice.happens(0.3) { group.clockSkew = dice.pick([.seconds(5), .seconds(600), .seconds(2 * 3600)]) }
            group.settings = settings()
            group.properties = [Property(name: "site", value: .string(group.name))]
            scenario.fleet.append(group)
        }
    }

    private func link() -> Link {
        var link = Link()
        link.latency = dice.pick([.milliseconds(5), .milliseconds(50), .milliseconds(900)])
        link.bandwidth = dice.pick([20_000, 1_000_000, 100_000_000])
        if dice.happens(0.25) { link.loss = dice.pick([0.01, 0.1, 0.3]) }
        return link
    }

    private func settings() -> [SettingKey: String] {
        var settings: [SettingKey: String] = [:]
        // In the order of the cases: a dictionary has none.
        let choices: [(SettingKey, [String])] = [
            (.pollInterval, ["5", "20", "60"]), (.retryTries, ["2", "5", "20"]), (.retryDelayMax, ["60", "600", "3600"]),
            (.handoverTimeout, ["1", "20", "1800"]), (.turnPause, ["10", "60"]), (.releasesKept, ["0", "1", "2"]),
            (.allowDowngrade, ["yes", "no"]),
        ]
        for (key, values) in choices where dice.happens(0.4) { settings[key] = dice.pick(values) }
        return settings
    }

    // MARK: Software

    private mutating func drawBuilds() {
        for minor in 1...dice.number(1...4) {
            var build = Build(version: "1.\(minor).0")
            build.size = Int64(dice.pick([100_000, 5_000_000, 30_000_000]))
            switch dice.number(0...9) {
            case 0...4: break
            case 5...8:
                build.sickness = dice.pick(Build.Sickness.allCases)
                build.sickShare = dice.pick([0.2, 0.5, 1])
            default: build.damage = dice.pick(Build.Damage.allCases)
            }
            scenario.builds.append(build)
        }
    }

    private mutating func drawSteps() {
        let policies = ["alpha", "beta"].prefix(dice.number(1...2))
        // A first one early, while nothing is known; the others at any time, while much is under way.
        for number in 0..<dice.number(1...5) {
            let at = number == 0 ? dice.duration(.zero, .seconds(900)) : dice.duration(.zero, scenario.duration * 0.7)
            scenario.steps.append(ScenarioStep(at: at, number == 0 ? .publish(rollout("alpha", at)) : deed(dice.pick(Array(policies)), at)))
        }
        scenario.steps.sort { $0.at < $1.at }
    }

    private func deed(_ policy: String, _ at: Duration) -> ScenarioStep.Deed {
        switch dice.number(0...9) {
        case 0...5: .publish(rollout(policy, at))
        case 6: .disable(policy: policy)
        case 7: .remove(policy: policy)
        default: .reset(policy: policy, who: .part(1))
        }
    }

    private func rollout(_ policy: String, _ at: Duration) -> Rollout {
        let versions = scenario.builds.map(\.version) + ["1.0.0", "latest"]
        var rollout = Rollout(policy: policy, software: dice.pick(versions))
        rollout.window = .seconds(dice.pick([0, 0, 60, 3600]))
        if dice.happens(0.4) { rollout.start = at + dice.duration(.seconds(-600), .seconds(1800)) }
        rollout.allowsDowngrade = dice.happens(0.3)
        if dice.happens(0.2) { rollout.constraints = ["site == \(dice.pick(scenario.fleet).name)"] }
        return rollout
    }
}

extension SimRandomness {
    func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + Int(next() % UInt64(range.count)) }

    func happens(_ likelihood: Double) -> Bool { chance < likelihood }

    /// Of nothing nothing can be picked: there must be something.
    func pick<Value>(_ values: [Value]) -> Value { values[Int(next() % UInt64(values.count))] }

    /// Whole milliseconds.
    func duration(_ from: Duration, _ to: Duration) -> Duration {
        let span = max(0, (to - from).nanoseconds / 1_000_000)
        return from + .milliseconds(Int64(next() % UInt64(span + 1)))
    }
}
