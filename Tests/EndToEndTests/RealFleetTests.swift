import FleetSimulation
import Foundation
import RealFleet
import Testing
import UpgradeModel
import UpgradeTransfer
import UpgradeTrust

/// What a run with true programs finds out.
@Suite(.serialized) struct RealFleetTests {
    /// A policy for nobody, again and again, so that there is something to wait for.
    private static func forNobody(_ name: String, times: Int) -> Scenario {
        var scenario = Scenario(name: name)
        scenario.fleet = [NodeGroup(name: "edge", count: 1)]
        var rollout = Rollout(policy: "p", software: "1.1.0")
        rollout.constraints = ["site == nowhere"]
        scenario.steps = (1...times).map { ScenarioStep(at: .seconds(600 * $0), .publish(rollout)) }
        scenario.expectations = [.version("1.0.0", atLeast: 1, atMost: 1)]
        return scenario
    }

    private static func world(_ programs: String) -> RealWorld {
        RealWorld(programs: programs, http: CurlHTTPCaller(), keys: LiveKeyMaker(), makeDigest: { LiveDigest() })
    }

    /// An agent that dies and cannot be started again asks for nothing, and owes no word either.
    @Test func aNodeThatIsGoneHasNoEnd() throws {
        let folder = Scratch()
        let dying = """
            if [ "$1" = run ]; then
              [ -e "$0.ran" ] && exit 1
              touch "$0.ran"
              exec timeout -s KILL 3 "$0.true" "$@"
            fi

            """
        for (program, begin) in [("uplift-exchange", ""), ("upliftd", dying)] {
            let path = folder.path + "/" + program
            try "#!/bin/sh\n\(begin)exec \"$0.true\" \"$@\"\n".write(toFile: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
            try FileManager.default.createSymbolicLink(atPath: path + ".true", withDestinationPath: Programs.path(program))
        }
        let scenario = Self.forNobody("gone", times: 8)
        let verdict = try RealFleet(scenario, seed: 1, in: Self.world(folder.path)).run(patience: .seconds(2))
        #expect(verdict.stuck.map(\.what) == ["it asks the hub for nothing any more"], "\(verdict.stuck) \(verdict.misses)")
    }

    /// Only words are reset: a node that has none is not waited for.
    @Test func aResetIsForThoseWhoHaveAWord() throws {
        var scenario = Self.forNobody("reset", times: 1)
        scenario.steps.append(ScenarioStep(at: .seconds(1200), .reset(policy: "p", who: .part(1))))
        let verdict = try RealFleet(scenario, seed: 1, in: Self.world(Programs.folder)).run(patience: .seconds(10))
        #expect(verdict.outcome == .passed && verdict.figures.statuses.isEmpty, "\(verdict.misses) \(verdict.stuck)")
    }
}
