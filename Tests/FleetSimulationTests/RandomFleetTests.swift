import FleetSimulation
import FoundationEssentials
import Testing
import UpgradeModel

/// Fleets that nobody thought of.
///
/// `UPLIFT_SEED` is the first seed and `UPLIFT_SEEDS` how many follow; without them some of the same run each time. A finding names its seed:
/// `UPLIFT_SEED=<seed> UPLIFT_SEEDS=1` runs it alone and tells what happened on the node.
@Suite struct RandomFleetTests {
    private static let first = environment("UPLIFT_SEED") ?? 1
    private static let count = environment("UPLIFT_SEEDS") ?? 40

    private static func environment(_ name: String) -> UInt64? { ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } }

    @Test func nothingIsBrokenAndEverythingComesToAnEnd() throws {
        print("random fleets: \(Self.count) from UPLIFT_SEED=\(Self.first)")
        var broken: [UInt64] = []
        for seed in Self.first..<(Self.first + Self.count) {
            let scenario = RandomScenario.scenario(seed: seed)
            let run = try FleetRun(scenario, seed: seed)
            let verdict = run.run()
            let again = try FleetRun(scenario, seed: seed).run().traceHash
            #expect(verdict.traceHash == again, "seed \(seed): two runs differ")
            if verdict.outcome != .passed {
                broken.append(seed)
                tell(verdict, run, isFirst: broken.count <= 3)
            }
            if Self.count > 1000, seed % 100 == 0 { print("seed \(seed): \(broken.count) with a finding so far") }
        }
        print("random fleets: \(Self.count) run, \(broken.count) with a finding \(broken)")
        #expect(broken.isEmpty)
    }

    private func tell(_ verdict: Verdict, _ run: FleetRun, isFirst: Bool) {
        let findings = verdict.violations.prefix(3) + verdict.stuck.prefix(3)
        for finding in findings { print("seed \(verdict.seed): \(Unit.time(finding.at)) \(finding.node): \(finding.what)") }
        guard isFirst, let node = findings.first?.node else { return }
        print("\(RandomScenario.scenario(seed: verdict.seed))")
        for line in run.lines(of: node) { print("\(Unit.time(line.at)) \(line.what)") }
    }
}
