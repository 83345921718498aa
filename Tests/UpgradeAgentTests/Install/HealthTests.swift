import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// Relative probes: what worked with the old release must work with the new one; and what all probes found is kept.
@Suite struct HealthTests {
    private static let well = SimCommands.Outcome.exits(0, after: .milliseconds(300))
    private static let ill = SimCommands.Outcome.exits(3, after: .zero)

    private func node(_ scenario: Scenario) throws -> SimNode { try SimNode(scenario, try CrashProcedure.handedOver(scenario)) }

    private func node(_ probe: @escaping @Sendable (Int) -> SimCommands.Outcome) throws -> SimNode {
        try node(Scenario(probes: ["10-web": probe]))
    }

    /// What the agent that runs in the end has kept, and the words of its event log.
    private func kept(_ node: SimNode) throws -> (report: HealthReport?, log: [String]) {
        let current = try #require(try node.inner.release(at: Layout.current))
        node.minds.look(current)
        let memory = try #require(node.image.memories[current])
        return (memory.health[Fixture.policy], memory.events.filter { $0.code == "upgrade_health" }.map(\.message))
    }

    private func verdicts(_ report: HealthReport?) -> [String] { (report?.results ?? []).map { "\($0.name): \($0.verdict.rawValue)" } }

    @Test func `what works before and after is committed, and what was found is kept`() throws {
        let node = try node { _ in Self.well }
        try node.run()
        #expect(try Outcome(node: node, about: "good").check() == .committed)
        let (report, log) = try kept(node)
        #expect(
            verdicts(report) == [
                "readiness: passed", "health command: passed", "local API over TCP: passed", "10-web: passed", "hub: passed",
            ])
        #expect(report?.isGood == true && report?.ticket == Fixture.ticket)
        #expect(report?.results[0].sentence == "it answered after 1 of 3 starts, and 0 after it was ready")
        #expect(report?.results[1].seconds ?? 0 >= 1)
        #expect(report?.baseline.map(\.name) == ["local API over TCP", "10-web"])
        #expect(log.count == 5 && log.last?.hasSuffix("hub passed: the new release reached it in round 1") == true)
    }

    @Test func `what worked before and fails after the deadline is rolled back`() throws {
        for (outcome, said) in [
            (Self.ill, "failed: exit 3 (not healthy)"), (.dies(9), "failed: signal 9"), (.missing, "could not be started"),
            (.hangs, "did not come to its end in time"),
        ] {
            let node = try node { $0 == 1 ? .says("200 OK") : outcome }
            try node.run()
            #expect(try Outcome(node: node, about: "\(outcome)").check() == .rolledBack)
            let cause = try #require(node.reading?.firstCause)
            #expect(cause.hasPrefix("the health probe 10-web worked before the upgrade (ended well (200 OK)) and does not now: \(said)"))
            #expect(node.commands.begun.filter { $0.executable.hasSuffix("10-web") }.count >= 4)
            let (report, log) = try kept(node)
            // The package's deadline is 20 s, its health command takes one.
            #expect(report?.results.last?.seconds ?? 0 >= 18)
            #expect(verdicts(report).last == "10-web: failed" && report?.isGood == false)
            #expect(log.contains { $0.contains("10-web failed: \(said)") })
        }
    }

    @Test func `a failure that passes is none`() throws {
        let tries = Shared(0)
        let node = try node { release in
            guard release == 2 else { return Self.well }
            tries.change { $0 += 1 }
            return tries.value < 3 ? Self.ill : Self.well
        }
        try node.run()
        #expect(try Outcome(node: node, about: "at the third try").check() == .committed)
    }

    /// A service that needs its time after a boot is no sick release.
    @Test func `a service that starts slowly after a power cut is waited for`() throws {
        let here = Shared<SimNode?>(nil)
        let scenario = Scenario(probes: ["10-web": { _ in (here.value?.clock.sinceBoot() ?? .zero) < .seconds(20) ? Self.ill : Self.well }])
        let first = try node(scenario)
        here.change { $0 = first }
        try first.run(until: { $0.contains(.ready) })
        let node = try SimNode(scenario, first.image.afterPowerCut(losing: .everything))
        #expect(node.clock.sinceBoot() < .seconds(10))
        here.change { $0 = node }
        try node.run()
        #expect(try Outcome(node: node, about: "slow service").check() == .committed)
        #expect(verdicts(try kept(node).report).contains("10-web: passed"))
    }

    /// Nothing of what fails before any agent runs is the old release's.
    @Test func `without an answer of the old release nothing is known`() throws {
        let scenario = Scenario(sickness: .tcpFails, probes: ["10-web": { _ in Self.ill }])
        let first = try node(scenario)
        try first.run(until: { !$0.isEmpty })
        #expect(HealthFile.read(Fixture.ticket, in: first.inner) == nil)
        let node = try SimNode(scenario, first.image.afterPowerCut(losing: .everything))
        try node.run(until: { $0.contains(.switched) })
        #expect(HealthFile.read(Fixture.ticket, in: node.inner)?.baseline == [])
        #expect(node.commands.begun.isEmpty)
        try node.run()
        #expect(try Outcome(node: node, about: "no agent").check() == .committed)
        #expect(verdicts(try kept(node).report).contains("relative probes: ignored"))
    }

    @Test func `what failed before does not count, and is shown`() throws {
        for after in [Self.ill, .hangs, .missing] {
            let node = try node { $0 == 1 ? Self.ill : after }
            try node.run()
            #expect(try Outcome(node: node, about: "\(after)").check() == .committed)
            let result = try #require(try kept(node).report?.results.first { $0.name == "10-web" })
            #expect(result.verdict == .ignored)
            #expect(result.sentence.hasSuffix("; it failed before too: failed: exit 3 (not healthy)"))
            #expect(node.commands.begun.filter { $0.executable.hasSuffix("10-web") }.count == 2)
        }
    }

    /// As after damage to the disk: nobody knows what worked, so nothing follows from what does not.
    @Test(arguments: [nil, "{", "{}"]) func `a lost baseline decides nothing`(left: String?) throws {
        let node = try node { $0 == 1 ? Self.well : Self.ill }
        try node.run(until: { $0.last == .switched })
        try node.inner.remove(Layout.health(Fixture.ticket))
        if let left { try node.inner.put(Layout.health(Fixture.ticket), left) }
        try node.run()
        #expect(try Outcome(node: node, about: "lost").check() == .committed)
        #expect(verdicts(try kept(node).report).contains("relative probes: ignored"))
    }

    @Test func `a probe that is gone or not believed any more has failed`() throws {
        let scenario = Scenario(probes: ["10-web": { _ in Self.well }])
        let start = try CrashProcedure.handedOver(scenario)
        let before = try SimNode(scenario, start)
        try before.run(until: { $0.last == .switched })
        let node = try SimNode(Scenario(), before.image)
        try node.run()
        #expect(try Outcome(node: node, about: "gone").check() == .rolledBack)
        #expect(node.reading?.firstCause.hasSuffix("it is not in health.d any more") == true)
    }

    @Test func `probes that are not believed end the job before anything is switched`() throws {
        let start = try CrashProcedure.handedOver(Scenario())
        let inner = try SimNode(Scenario(), start)
        var ports = inner.ports
        ports.hookSettings.probes = { throw ReleaseError("health.d can be written by others") }
        var installer = Installer(ticket: Fixture.ticket, ports: ports)
        try finish { try installer.step() }
        #expect(inner.records.last == .refused(reason: "health.d can be written by others"))
        #expect(inner.agent.image.starts == [1: 1])
    }

    /// A baseline that cannot be written is an error before the switch.
    @Test func `a baseline that cannot be kept ends the job`() throws {
        let node = try node { _ in Self.well }
        node.inner.setFault { $0.path.name.hasPrefix("health.json") ? .noSpace : nil }
        try node.run()
        guard case .refused(let reason) = try Outcome(node: node, about: "no baseline").check() else {
            Issue.record("found \(node.records)")
            return
        }
        #expect(reason.contains("health.json"))
    }

    /// Nor can anything be kept then, and nothing old is taken for it.
    @Test(arguments: [Scenario.Sickness.none, .healthFails], [true, false])
    func `results that cannot be kept change nothing`(sickness: Scenario.Sickness, isOldGood: Bool) throws {
        let node = try node(Scenario(sickness: sickness))
        try node.run(until: { $0.last == .switched })
        // A verdict that no record followed, because the power went: the next trial may come to another one.
        var stale = try #require(HealthFile.read(Fixture.ticket, in: node.inner))
        stale.results = stale.baseline
        stale.isGood = isOldGood
        try HealthFile.write(stale, in: node.inner)
        // Not even removed can it be where it speaks of another ending.
        let names = isOldGood == (sickness == .none) ? ["health.json.new"] : ["health.json.new", "health.json"]
        node.inner.setFault { names.contains($0.path.name) ? .noSpace : nil }
        try node.run()
        #expect(try Outcome(node: node, about: "nothing kept").check() == (sickness == .none ? .committed : .rolledBack))
        #expect(try kept(node).report == nil)
    }

    @Test func `a full disk is no verdict about the port that needs a file`() throws {
        let node = try node(Scenario(sickness: .tcpFails))
        try node.run { if $0.records.last == .switched { $0.inner.setCapacity(0) } }
        #expect(try Outcome(node: node, about: "full").check() == .committed)
    }

    @Test func `an agent that died is started again before anything counts against its release`() throws {
        let node = try node(Scenario(sickness: .diesLater))
        try node.run()
        #expect(try Outcome(node: node, about: "dies").check() == .rolledBack)
        #expect(node.agent.image.starts[2] == 3)
        #expect(node.reading?.firstCause.contains("ended or did not start 3 times") == true)
        #expect(verdicts(try kept(node).report).first == "readiness: failed")
    }

    /// Asked once, with the old release: a later installer must not take the new one, or none, for the control.
    @Test func `the baseline outlives every interruption`() throws {
        let scenario = Scenario(components: Scenario.configuration, probes: ["10-web": { $0 == 1 ? Self.well : Self.ill }])
        var moments: [NodeImage] = []
        let first = try SimNode(scenario, try CrashProcedure.handedOver(scenario))
        let hasBaseline = Shared(false)
        try first.run {
            if HealthFile.read(Fixture.ticket, in: $0.inner) != nil { hasBaseline.change { $0 = true } }
            if hasBaseline.value, $0.reading?.isFinal == false { moments.append($0.image) }
        }
        #expect(moments.count > 20)
        for (index, moment) in moments.enumerated() {
            let node = try SimNode(scenario, moment.afterPowerCut(losing: .everything))
            let isKept = HealthFile.read(Fixture.ticket, in: node.inner) != nil
            try node.run()
            let end = try Outcome(node: node, about: "power cut \(index)").check()
            #expect(end == .rolledBack, "power cut \(index)")
            let asked = node.commands.begun.filter { $0.environment["UPLIFT_RELEASE"] == "1" && $0.executable.hasSuffix("10-web") }
            #expect(asked.count == (isKept ? 0 : 1), "power cut \(index)")
        }
    }

    @Test func `hub rounds are shown with their verdict`() throws {
        let away = try node(Scenario(hub: { _ in false }))
        try away.run()
        #expect(try kept(away).report?.results.last?.sentence == "round 1: hub away: no connection")
        let bad = try node(Scenario(sickness: .hubFails))
        try bad.run()
        let result = try #require(try kept(bad).report?.results.last)
        #expect(result.name == "hub" && result.verdict == .failed && result.seconds >= 4)
    }

    @Test func `what was found goes with the ending that it is about`() throws {
        let site = try EngineSite()
        let handover = try site.handOver()
        let report = HealthReport(ticket: handover.ticket, baseline: [], isGood: true)
        let records: [InstallerRecord] = [.switchIntended, .switched, .committed(at: site.clock.now())]
        for (index, record) in records.enumerated() {
            try site.engine.handle(
                EngineSite.one, .recorded(handover.ticket, number: index + 3, record), with: [.keepHealth(EngineSite.one, report)])
        }
        #expect(site.engine.snapshot.health == [EngineSite.one: report])
        #expect(site.database.image.memory.health == [EngineSite.one: report])
        _ = try site.engine.reset([EngineSite.one])
        #expect(site.engine.snapshot.health.isEmpty && site.database.image.memory.health.isEmpty)
    }

    @Test func `what is kept is bounded and fit to be shown`() {
        let result = HealthResult(
            name: "x", verdict: .passed, sentence: "\u{1b}[2J" + String(repeating: "long ", count: 1000), at: Fixture.start,
            took: .microseconds(1_234_567))
        #expect(result.sentence.hasPrefix("\\u{1b}[2Jlong") && result.sentence.count < 520)
        #expect(result.seconds == 1.235)
    }
}
