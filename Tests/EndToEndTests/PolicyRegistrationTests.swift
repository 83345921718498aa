import FaultServers
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

    /// A download is given up at once; a job in the installer's hands has to come back first.
    /// The exchange decides what matches: a node that existed before gets the pattern there, and loses it again.
    @Test func aPatternIsTheExchangesToo() throws {
        let bench = try HubBench()
        #expect(try bench.node.local("DELETE", "node").status == 200)
        try bench.node.register(bench.hub, pattern: "demo/kiosk")
        #expect(try pattern(bench) == "demo/kiosk")
        #expect(try bench.node.local("DELETE", "node").status == 200)
        #expect(try pattern(bench) == "")
        #expect(try bench.node.local("GET", "node").body?[member: "pattern"]?.string == "")
    }

    private func pattern(_ bench: HubBench) throws -> String? {
        try bench.hub.call("GET", "v1/orgs/demo/nodes/\(bench.node.name)")?[member: "nodes"]?[member: "demo/\(bench.node.name)"]?[
            member: "pattern"]?.string
    }

    @Test func unregisterDuringAnUpgrade() throws {
        let bench = try HubBench(proxied: true, hold: "begun")
        let proxy = try #require(bench.proxy)
        try bench.publish("1.1.0")
        try bench.publishManifest("m", HubBench.manifest("1.1.0"))
        proxy.add(FaultRule(.throttle(bytesPerSecond: 400_000), pathContains: Publisher.packageName + "/data"))
        try bench.policy("p", manifest: "m")
        try bench.hub.awaitWord("download started", "p")
        #expect(try bench.node.local("DELETE", "node").status == 200)
        try bench.awaitNoJobFolder()
        #expect(try bench.exchangeStatuses().isEmpty)
        proxy.clearRules()

        try bench.node.register(bench.hub)
        try bench.awaitHold()
        let early = try bench.node.local("DELETE", "node")
        #expect(early.status == 409)
        #expect(early.body?[member: "error"]?.string?.contains("being cancelled") == true, "\(early)")
        try bench.release()
        try eventually("the end of the registration") { try bench.node.local("DELETE", "node").status == 200 }
        try bench.awaitNoJobFolder()
        #expect(try bench.exchangeStatuses().isEmpty)
        #expect(try bench.node.link("current") == 1)
        #expect(try bench.node.evidence().version == "1.0.0")
    }

    @Test func refusedCredentialsAreKeptAndMended() throws {
        let bench = try HubBench(settings: ["retry-tries": "10000"])
        try bench.publishManifest("m", HubBench.manifest("1.0.0"))
        try bench.policy("before", manifest: "m")
        try bench.hub.awaitWord("no action required", "before")
        let soon = Date().addingTimeInterval(4)
        try bench.policy("soon", manifest: "m", start: soon.ISO8601Format())
        try bench.hub.awaitWord("waiting", "soon")
        try bench.hub.call("PATCH", "v1/orgs/demo/nodes/node1", ["token": "somebody-changed-it-0123456789"])
        try eventually("credentials refused") { try trouble(bench) == "credentials refused" }
        #expect(try bench.node.local("GET", "node/configstate").body?[member: "state"]?.string == "configured")
        #expect(try bench.node.local("GET", "node").body?[member: "token_valid"]?.bool == false)
        #expect(try bench.localWord("before") == "no action required")
        // What becomes due meanwhile waits for the credentials, although objects are refused with 403.
        try eventually("a failed try of what became due") { (try tries(bench, "soon") ?? 0) > 0 }
        // A restart does not forget either.
        try bench.restart()
        try eventually("credentials refused, again") { try trouble(bench) == "credentials refused" }
        try bench.policy("after", manifest: "m")
        try bench.hub.call("PATCH", "v1/orgs/demo/nodes/node1", ["token": "token-of-node1-0123456789"])
        try bench.hub.awaitWord("no action required", "after")
        try bench.hub.awaitWord("no action required", "soon")
        try eventually("no trouble") { try trouble(bench) == nil }
        #expect(try bench.node.local("GET", "node").body?[member: "token_valid"]?.bool == true)
        #expect(try bench.hub.words("before") == Course.started + ["no action required"])
    }

    private func trouble(_ bench: HubBench) throws -> String? {
        try bench.node.local("GET", "status").body?[member: "liveHealth"]?[member: "trouble"]?.string
    }

    private func tries(_ bench: HubBench, _ policy: String) throws -> Int64? {
        try bench.localStatus(policy)?[member: "x-uplift"]?[member: "failedTries"]?.integer
    }

    private func publicKey(_ bench: HubBench) throws -> String? {
        let nodes = try bench.hub.call("GET", "v1/orgs/demo/nodes/node1")?[member: "nodes"]
        return nodes?[member: "demo/node1"]?[member: "publicKey"]?.string
    }
}
