import FleetSimulation
import Testing
import UpgradeModel

/// A hub and a link that do odd things with requests.
@Suite struct DownloadTests {
    private static let size: Int64 = 30_000_000

    /// Six nodes; the trouble lasts for twenty minutes after the publication.
    private func scenario(_ kinds: Fault.Kind..., until: Duration = .seconds(1800)) -> Scenario {
        var scenario = Fleets.upgrade()
        scenario.faults = kinds.map { Fault($0, from: .seconds(590), until: until) }
        scenario.expectations = [.faults(atLeast: 6)]
        return scenario
    }

    /// What passes: the upgrade comes to its end, and no byte comes much more often than it must.
    @Test(arguments: [
        DownloadTrouble.slow(50_000), .cut(after: 0.3), .ends(after: 0.3), .stalls(after: 0.4), .answers(500), .answers(503), .answers(429),
    ])
    func troubleThatPassesOnlyDelays(_ trouble: DownloadTrouble) throws {
        var scenario = scenario(.download(trouble))
        scenario.expectations += [.runs("1.1.0"), .bytes(atMost: 6 * DownloadTests.size * 11 / 10)]
        try Fleets.check(scenario)
    }

    @Test(arguments: [DownloadTrouble.redirect, .answers(404), .answers(410), .wrongLength]) func troubleThatStaysEndsTheJob(
        _ trouble: DownloadTrouble
    ) throws {
        var scenario = scenario(.download(trouble))
        scenario.expectations += [
            .status(policy: "p", .downloadFailed, atLeast: 1, atMost: 1, by: nil), .runs("1.0.0"), .requests(atMost: 20_000),
        ]
        try Fleets.check(scenario)
    }

    /// After a cut the rest is asked for; a hub that sends the whole instead, or another part, is not believed to have sent the rest.
    @Test(arguments: [DownloadTrouble.ignoresRange, .wrongRange]) func aRestThatIsNoneIsNotAppended(_ trouble: DownloadTrouble) throws {
        var scenario = Fleets.upgrade()
        scenario.faults = [
            Fault(.download(.cut(after: 0.3)), from: .seconds(590), until: .seconds(700)),
            Fault(.download(trouble), from: .seconds(700), until: .seconds(3600)),
        ]
        let text = trouble == .ignoresRange ? "200 to a request for the rest" : "the rest begins at another byte"
        scenario.expectations = [.runs("1.1.0"), .happened(text, atLeast: 0.3, atMost: 1), .bytes(atMost: 6 * DownloadTests.size * 2)]
        try Fleets.check(scenario)
    }

    @Test(arguments: [Fault.Kind.hubUntrusted, .hubAnswers(500), .hubAnswers(429), .partition, .lostAnswers(0.4), .repeatedCalls(1)])
    func aHubThatIsOddForAWhileOnlyDelays(_ kind: Fault.Kind) throws {
        var scenario = scenario(kind)
        scenario.expectations += [.runs("1.1.0"), .status(policy: "p", .successful, atLeast: 1, atMost: 1, by: nil)]
        try Fleets.check(scenario)
    }

    /// A hub that says for how long it wants to be left alone is left alone.
    @Test func retryAfterIsKept() throws {
        var scenario = scenario(.hubAnswers(429), until: .seconds(4200))
        scenario.hub.retryAfter = .seconds(600)
        scenario.expectations += [.runs("1.1.0"), .happened("FAULT", atLeast: 0, atMost: 0)]
        let verdict = try FleetRun(scenario, seed: 1).run()
        #expect(verdict.outcome == .passed)
        // An hour at one call in ten minutes and node, and the publication's own calls.
        #expect(verdict.figures.faults <= 6 * 8)
    }

    /// Another edition comes while half of the first is there: its tail is not appended.
    @Test func aReplacedArtifactIsNotMixed() throws {
        var scenario = Fleets.upgrade()
        scenario.faults = [Fault(.download(.cut(after: 0.4)), from: .seconds(590), until: .seconds(730))]
        scenario.steps.append(ScenarioStep(at: .seconds(715), .replace(software: "1.1.0")))
        scenario.expectations = [.happened("a body is cut", atLeast: 0.5, atMost: 1)]
        try Fleets.check(scenario)
    }

    @Test(arguments: Build.Trap.allCases.filter { $0 != .million }) func aTrapIsNotUnpacked(_ trap: Build.Trap) throws {
        var scenario = Fleets.upgrade()
        scenario.builds = [Build(version: "1.1.0")]
        scenario.builds[0].trap = trap
        scenario.fleet[0].count = trap == .million ? 1 : 6
        scenario.expectations = [.status(policy: "p", .precheckFailed, atLeast: 1, atMost: 1, by: nil), .runs("1.0.0")]
        try Fleets.check(scenario, seeds: 1...1)
    }

    /// An old package under a new version is well signed, and refused.
    @Test func aReplayedPackageIsRefused() throws {
        var scenario = Fleets.upgrade()
        scenario.builds = [Build(version: "1.1.0")]
        scenario.builds[0].damage = .replayed
        scenario.expectations = [.status(policy: "p", .precheckFailed, atLeast: 1, atMost: 1, by: nil), .runs("1.0.0")]
        try Fleets.check(scenario)
    }
}
