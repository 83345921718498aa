import FleetSimulation
import FoundationEssentials
import Testing
import UpgradeModel

/// What somebody is about to publish is tried as it is: the policy's own file and the manifest's.
@Suite struct PublishedFilesTests {
    private static let scenario = """
        name: ours
        begins: 2026-12-01T01:00:00Z
        duration: 6h
        fleet:
          - {name: edge, count: 3, properties: {site: berlin}}
          - {name: other, count: 2, properties: {site: paris}}
        steps:
          - {at: 10m, publish-files: winter, policy-file: nmp.json, manifest-file: manifest.json}
        expect:
          - {status: successful, policy: winter}
          - {version: 1.1.0, at-least: 60%, at-most: 60%}
        """
    private static let policy = """
        {"label": "winter", "constraints": ["site == berlin"], "enabled": true, "start": "2026-12-01T02:00:00Z", "startWindow": 1800,
         "agentUpgradePolicy": {"manifest": "ours/winter-1.1.0", "allowDowngrade": false}}
        """
    private static let manifest = #"{"softwareUpgrade": {"version": "1.1.0", "files": ["*"]}}"#

    private func read(_ policy: String = policy, _ manifest: String = manifest) throws(ScenarioMistakes) -> Scenario {
        try ScenarioReader.read(Self.scenario) { Array(($0 == "nmp.json" ? policy : manifest).utf8) }
    }

    @Test func thePolicyOfTheFileIsFollowed() throws {
        let run = try FleetRun(try read(), seed: 1)
        let verdict = run.run()
        #expect(verdict.outcome == .passed, "\(verdict.misses) \(verdict.stuck)")
        // An hour after the beginning, and not before: the file's start on the file's calendar.
        let started = run.lines(of: "edge-1").first { $0.what.contains("download started") }?.at
        #expect(started.map { (.seconds(3600)...(.seconds(5460))).contains($0) } == true, "\(String(describing: started))")
    }

    @Test(arguments: [
        ("{", "cannot read nmp.json"),
        (#"{"constraints": [], "patterns": [], "label": "x"}"#, "the exchange would refuse nmp.json"),
        ("{}", "the exchange would refuse nmp.json"),
    ])
    func aPolicyThatCannotBePublishedIsAMistake(_ policy: String, _ message: String) throws {
        let mistakes = #expect(throws: ScenarioMistakes.self) { try read(policy) }
        let mistake = try #require(mistakes?.all.first)
        #expect(mistake.line == 8 && mistake.message.contains(message), "\(mistake)")
    }

    @Test func aTextWithoutFilesHasNone() throws {
        let mistakes = #expect(throws: ScenarioMistakes.self) { try ScenarioReader.read(Self.scenario) }
        #expect(mistakes?.all.count == 2)
    }
}

/// `packaging/ci-example`, as a pipeline runs it.
@Suite struct PipelineExampleTests {
    private static let folder = ScenarioFilesTests.folder.deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "packaging/ci-example")

    private func example() throws -> Scenario {
        let text = try String(contentsOf: Self.folder.appending(path: "fleet.yaml"), encoding: .utf8)
        return try ScenarioReader.read(text) { Array(try Data(contentsOf: Self.folder.appending(path: $0))) }
    }

    @Test func itPasses() throws {
        let verdict = try FleetRun(try example().scaled(to: 40), seed: 1).run()
        #expect(verdict.outcome == .passed, "\(verdict.misses) \(verdict.violations) \(verdict.stuck)")
    }

    /// Where no program can be started any more, neither the new one nor the old one, no way back works: the job must fail.
    @Test func aRollbackThatDoesNotWorkEndsIt() throws {
        var scenario = try example().scaled(to: 40)
        scenario.settling = .seconds(3600)
        scenario.faults = [Fault(.noAgentStarts, from: .seconds(5000), until: scenario.duration + scenario.settling)]
        #expect(try FleetRun(scenario, seed: 1).run().outcome != .passed)
    }
}
