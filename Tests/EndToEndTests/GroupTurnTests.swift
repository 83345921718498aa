import Foundation
import Testing
import UpgradeWire

/// A member of a high-availability group begins only when it is its turn, and keeps the turn until it is healthy. Source: contract 1.7.
@Suite(.serialized) struct GroupTurnTests {
    private let turns = "org/demo/hagroup/g/nodemanagement"

    /// A second member that only asks and says words.
    private func makeGroup(_ bench: HubBench) throws {
        let token = JSONValue.string(TestHub.password)
        try bench.hub.call("PUT", "v1/orgs/demo/nodes/node2", ["token": token, "name": "node2"], user: "demo/admin")
        try bench.hub.call("POST", "v1/orgs/demo/hagroups/g", ["members": ["node1", "node2"]], user: "demo/admin")
    }

    private func isTurnOfOther(_ bench: HubBench) -> Bool {
        (try? bench.hub.call("POST", turns + "/node2/p", user: "demo/node2")) != nil
    }

    private func say(_ bench: HubBench, _ word: String) throws {
        let body: JSONValue = ["agentUpgradePolicyStatus": ["scheduledTime": "2026-01-01T00:00:00Z", "status": .string(word)]]
        try bench.hub.call("PUT", "v1/orgs/demo/nodes/node2/managementStatus/p", body, user: "demo/node2")
    }

    @Test func aMemberWaitsForTheOtherAndKeepsTheTurnUntilItIsHealthy() throws {
        let bench = try HubBench(settings: ["turn-pause-seconds": "0.3"], hold: "ready")
        try makeGroup(bench)
        try bench.publish("1.1.0")
        try bench.publishManifest("m", HubBench.manifest("1.1.0"))
        try bench.policy("p", manifest: "m", start: "2035-01-01T00:00:00Z")
        try bench.hub.awaitWord("waiting", "p")
        #expect(isTurnOfOther(bench))
        try bench.policy("p", manifest: "m", method: "PUT")

        let waiting = try bench.hub.awaitWord("ha node waiting", "p")
        #expect(waiting.suffix(3) == ["download started", "downloaded", "ha node waiting"])
        let reason = try bench.hub.status("p")?[member: "errorMessage"]?.string
        #expect(reason == "another member of the high-availability group g is being upgraded")
        #expect(try bench.node.local("GET", "node").body?[member: "ha_group"] == "g")
        #expect(bench.node.installerPID == nil)

        try say(bench, "successful")
        try bench.awaitHold()
        #expect(try bench.hub.call("GET", turns)?[member: "node"] == "node1")
        #expect(!isTurnOfOther(bench))
        try bench.release()
        #expect(try bench.hub.awaitWord("successful", "p") == waiting + ["initiated", "successful"])
        #expect(isTurnOfOther(bench))
        #expect(try bench.node.currentVersion() == "1.1.0")
    }

    @Test func aRollbackGivesTheTurnBack() throws {
        let bench = try HubBench(settings: ["turn-pause-seconds": "0.3"])
        try makeGroup(bench)
        try bench.publish("1.1.0", health: #"["bin/upliftd","no-such-command"]"#)
        try bench.publishManifest("m", HubBench.manifest("1.1.0"))
        try bench.policy("p", manifest: "m")
        #expect(try bench.hub.awaitWord("rollback successful", "p") == Course.rolledBack)
        #expect(isTurnOfOther(bench))
        #expect(try bench.node.currentVersion() == "1.0.0")
    }

    @Test func withoutAnAgbotAMemberWaitsAndOthersDoNot() throws {
        let bench = try HubBench(settings: ["turn-pause-seconds": "0.3", "HZN_AGBOT_URL": "http://127.0.0.1:1"])
        try bench.publish("1.1.0")
        try bench.publish("1.2.0")
        for version in ["1.1.0", "1.2.0"] { try bench.publishManifest("m" + version, HubBench.manifest(version)) }
        try bench.policy("p", manifest: "m1.1.0")
        try bench.hub.awaitWord("successful", "p")
        try makeGroup(bench)
        try bench.policy("q", manifest: "m1.2.0")
        try bench.hub.awaitWord("ha node waiting", "q")
        #expect(try bench.hub.status("q")?[member: "errorMessage"]?.string?.contains("cannot be asked for the turn") == true)
        try bench.hub.call("DELETE", "v1/orgs/demo/hagroups/g", user: "demo/admin")
        try bench.hub.awaitWord("successful", "q")
        #expect(try bench.node.currentVersion() == "1.2.0")
    }
}
