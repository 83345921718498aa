import Foundation
import Testing
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// Registration, with and without statuses, and a hub that refuses the node's credentials for a while.
@Suite(.serialized) struct PolicyRegistrationTests {
    @Test func unregisterDuringNothingAndWithStatuses() throws {
        let bench = try HubBench()
        #expect(try bench.node.local("DELETE", "node").status == 200)
        #expect(try bench.node.local("GET", "nodemanagement/status").status == 404)
        #expect(try bench.node.local("GET", "node/configstate").body?[member: "state"]?.string == "unconfigured")
        try eventually("the key's end at the exchange") { try publicKey(bench) == "" }

        try bench.node.register(bench.hub)
        try bench.publishManifest("m", HubBench.manifest("1.0.0"))
        try bench.policy("done", manifest: "m")
        try bench.policy("waits", manifest: "m", start: "2100-01-01T00:00:00Z")
        try bench.hub.awaitWord("no action required", "done")
        try bench.hub.awaitWord("waiting", "waits")
        #expect(try bench.node.local("DELETE", "node").status == 200)
        #expect(try bench.node.local("GET", "nodemanagement/status").status == 404)
        try eventually("no statuses at the exchange") { try bench.exchangeStatuses().isEmpty }

        // The same node again: policies are seen anew.
        try bench.node.register(bench.hub)
        try eventually("a second run") {
            try bench.hub.words("done") == Course.started + ["no action required"] + Course.started + ["no action required"]
        }
        #expect(try bench.localWord("waits") == "waiting")
    }

    @Test func refusedCredentialsAreKeptAndMended() throws {
        let bench = try HubBench()
        try bench.publishManifest("m", HubBench.manifest("1.0.0"))
        try bench.policy("before", manifest: "m")
        try bench.hub.awaitWord("no action required", "before")
        try bench.hub.call("PATCH", "v1/orgs/demo/nodes/node1", ["token": "somebody-changed-it-0123456789"])
        try eventually("credentials refused") { try trouble(bench) == "credentials refused" }
        #expect(try bench.node.local("GET", "node/configstate").body?[member: "state"]?.string == "configured")
        #expect(try bench.node.local("GET", "node").body?[member: "token_valid"]?.bool == false)
        #expect(try bench.localWord("before") == "no action required")
        // A restart does not forget either.
        try bench.restart()
        try eventually("credentials refused, again") { try trouble(bench) == "credentials refused" }
        try bench.policy("after", manifest: "m")

        try bench.hub.call("PATCH", "v1/orgs/demo/nodes/node1", ["token": "token-of-node1-0123456789"])
        try bench.hub.awaitWord("no action required", "after")
        try eventually("no trouble") { try trouble(bench) == nil }
        #expect(try bench.node.local("GET", "node").body?[member: "token_valid"]?.bool == true)
        #expect(try bench.hub.words("before") == Course.started + ["no action required"])
    }

    private func trouble(_ bench: HubBench) throws -> String? {
        try bench.node.local("GET", "status").body?[member: "liveHealth"]?[member: "trouble"]?.string
    }

    private func publicKey(_ bench: HubBench) throws -> String? {
        let nodes = try bench.hub.call("GET", "v1/orgs/demo/nodes/node1")?[member: "nodes"]
        return nodes?[member: "demo/node1"]?[member: "publicKey"]?.string
    }
}
