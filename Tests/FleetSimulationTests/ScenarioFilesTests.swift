import FleetSimulation
import FoundationEssentials
import Testing

/// The scenarios in `manifests/scenarios`.
@Suite struct ScenarioFilesTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "manifests/scenarios")

    static let names: [String] = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".yaml") }.sorted()

    static func read(_ name: String) throws -> Scenario {
        let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        do {
            return try ScenarioReader.read(text)
        } catch {
            Issue.record("\(error.all.map { $0.sentence(file: name) })")
            throw error
        }
    }

    @Test func thereAreMany() { #expect(ScenarioFilesTests.names.count >= 40) }

    /// Each passes; and each of its expectations, turned around, is missed by the same run, so that none of them is empty.
    @Test(arguments: names) func aScenarioPassesAndItsOppositeDoesNot(_ name: String) throws {
        var scenario = try ScenarioFilesTests.read(name)
        #expect(name == scenario.name + ".yaml" && !scenario.about.isEmpty && !scenario.expectations.isEmpty)
        let verdict = try FleetRun(scenario, seed: 1).run()
        #expect(verdict.outcome == .passed, "\(verdict.misses) \(verdict.violations.prefix(3)) \(verdict.stuck.prefix(3))")
        for expectation in scenario.expectations {
            #expect(!expectation.opposites(verdict.figures).isEmpty, "\(name): \(expectation) holds whatever happens")
        }
        scenario.expectations = scenario.expectations.flatMap { $0.opposites(verdict.figures) }
        let opposite = try FleetRun(scenario, seed: 1).run()
        #expect(opposite.outcome == .wrongResult && opposite.misses.count == scenario.expectations.count, "\(name): \(opposite.misses)")
        #expect(opposite.traceHash == verdict.traceHash)
    }
}

extension FleetExpectation {
    private static let little = 1e-9

    /// What cannot be so when this is: the other side of each bound, and limits just below what was found.
    fileprivate func opposites(_ found: Verdict.Figures) -> [FleetExpectation] {
        switch self {
        case .status(let policy, let status, let least, let most, let by):
            FleetExpectation.outside(least, most).map { .status(policy: policy, status, atLeast: $0.0, atMost: $0.1, by: by) }
        case .version(let version, let least, let most):
            FleetExpectation.outside(least, most).map { .version(version, atLeast: $0.0, atMost: $0.1) }
        case .file(let component, let version, let least, let most):
            FleetExpectation.outside(least, most).map { .file(component, version: version, atLeast: $0.0, atMost: $0.1) }
        case .happened(let text, let least, let most):
            FleetExpectation.outside(least, most).map { .happened(text, atLeast: $0.0, atMost: $0.1) }
        case .requests: [.requests(atMost: found.requests - 1)]
        case .faults: [.faults(atLeast: found.faults + 1)]
        case .requestsPerSecond: [.requestsPerSecond(atMost: found.mostRequestsPerSecond - 1)]
        case .bytes: [.bytes(atMost: found.bytes - 1)]
        case .down: [.down(atMost: found.mostDown - 1)]
        case .unwell: [.unwell(atMost: found.unwell - 1)]
        case .downInGroup: [.downInGroup(atMost: found.mostDownInGroup - 1)]
        }
    }

    private static func outside(_ least: Double, _ most: Double) -> [(Double, Double)] {
        (least > 0 ? [(0, least - little)] : []) + (most < 1 ? [(most + little, 1)] : [])
    }
}
