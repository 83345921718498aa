import Testing
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// The hub is a relative probe: an outage decides nothing.
@Suite struct HubRoundTests {
    private func node(_ scenario: Scenario) throws -> SimNode { try SimNode.prepared(Fixture(scenario: scenario)) }

    @Test func `software alone is committed while the hub is away`() throws {
        let node = try node(Scenario(components: Scenario.software, hub: { _ in false }))
        try node.run()
        #expect(try Outcome(node: node, about: "hub away").check() == .committed)
    }

    @Test(arguments: [Scenario.configuration, [.certificate], Scenario.everything])
    func `what replaces the connection stays on trial until the hub is back`(components: Set<Component>) throws {
        let away: Duration = .seconds(7200)
        let node = try node(Scenario(components: components, hub: { $0 > away }))
        var trialTime: Duration = .zero
        try node.run(limit: 50_000) { if $0.records.last == .ready { trialTime = $0.clock.now().duration(since: Fixture.start) } }
        #expect(try Outcome(node: node, about: "hub back").check() == .committed)
        #expect(trialTime > away - .seconds(5))
        #expect(trialTime < away + .seconds(10))
    }

    @Test func `a wrong configuration goes back once the hub is there to tell`() throws {
        let away: Duration = .seconds(7200)
        let node = try node(Scenario(components: Scenario.configuration, sickness: .hubFails, hub: { $0 > away }))
        try node.run(limit: 50_000)
        #expect(try Outcome(node: node, about: "wrong configuration").check() == .rolledBack)
        #expect(node.clock.now().duration(since: Fixture.start) > away)
        #expect(node.reading?.firstCause.contains("does not reach the hub") == true)
    }

    /// Away for the whole deadline of the package but one second.
    @Test(arguments: [19, 20, 21, 29, 30, 31])
    func `a hub that returns in the last second is in time`(seconds: Int) throws {
        let node = try node(Scenario(components: Scenario.configuration, hub: { $0 > .seconds(seconds) }))
        try node.run(limit: 10_000)
        #expect(try Outcome(node: node, about: "last second").check() == .committed)
    }

    /// Up for a moment now and then: no three rounds in a row ever count.
    @Test func `a hub that flickers decides nothing by its outages`() throws {
        let flicker: @Sendable (Duration) -> Bool = { $0 > .seconds(900) || $0.components.seconds % 6 < 3 }
        let node = try node(Scenario(components: Scenario.configuration, hub: flicker))
        try node.run(limit: 50_000)
        #expect(try Outcome(node: node, about: "flicker").check() == .committed)
    }

    @Test(arguments: [Scenario.software, Scenario.configuration])
    func `three rounds in a row fail a release that alone does not reach the hub`(components: Set<Component>) throws {
        let node = try node(Scenario(components: components, sickness: .hubFails))
        var probes: [Duration] = []
        try node.run { if $0.records.last == .ready { probes.append($0.clock.sinceBoot()) } }
        #expect(try Outcome(node: node, about: "three rounds").check() == .rolledBack)
        let span = (probes.last ?? .zero) - (probes.first ?? .zero)
        #expect(span >= .seconds(5))
    }

    /// A node that was ready and then hangs while the hub is away is no reason to wait for ever.
    @Test func `an agent that dies while the hub is away is started again, and given up after the third death`() throws {
        let node = try node(Scenario(components: Scenario.configuration, sickness: .diesLater, hub: { _ in false }))
        try node.run(limit: 10_000)
        #expect(try Outcome(node: node, about: "dies").check() == .rolledBack)
        #expect(node.agent.image.starts[2] == 3)
    }
}
