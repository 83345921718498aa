import FaultServers
import Foundation
import Testing
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// A policy that is disabled or deleted, or that does not match, leaves nothing on either side, at whatever moment. Source: install.md,
/// "Requests meanwhile"; contract 4.8.
@Suite(.serialized) struct PolicyVanishTests {
    @Test func whileItWaitsAndWhileItDownloads() throws {
        let bench = try HubBench(proxied: true)
        let proxy = try #require(bench.proxy)
        try bench.publish("1.1.0")
        try bench.publishManifest("m", HubBench.manifest("1.1.0"))

        // Waiting for a start in the future.
        try bench.policy("later", manifest: "m", start: "2100-01-01T00:00:00Z")
        try bench.hub.awaitWord("waiting", "later")
        try bench.policy("later", manifest: "m", method: "PUT", enabled: false, start: "2100-01-01T00:00:00Z")
        try bench.awaitVanished("later")
        try bench.policy("later", manifest: "m", method: "PUT", start: "2100-01-01T00:00:00Z")
        try bench.hub.awaitWord("waiting", "later")
        try bench.awaitLocal("waiting", "later")
        try bench.deletePolicy("later")
        try bench.awaitVanished("later")

        // During a slow download.
        proxy.add(FaultRule(.throttle(bytesPerSecond: 400_000), pathContains: Publisher.packageName + "/data"))
        try bench.policy("slow", manifest: "m")
        try underWay(bench, proxy, "slow")
        try bench.policy("slow", manifest: "m", method: "PUT", enabled: false)
        try bench.awaitVanished("slow")
        try bench.awaitNoJobFolder()
        try bench.policy("slow", manifest: "m", method: "PUT")
        try underWay(bench, proxy, "slow")
        try bench.deletePolicy("slow")
        try bench.awaitVanished("slow")
        try bench.awaitNoJobFolder()
        proxy.clearRules()

        // After success.
        try bench.policy("done", manifest: "m")
        #expect(try bench.hub.awaitWord("successful", "done") == Course.successful)
        try bench.policy("done", manifest: "m", method: "PUT", enabled: false)
        try bench.awaitVanished("done")
        try bench.policy("done", manifest: "m", method: "PUT")
        try bench.hub.awaitWord("no action required", "done")
        try bench.deletePolicy("done")
        try bench.awaitVanished("done")
        #expect(try bench.node.link("recover") == 2)
        #expect(try bench.node.link("current") == 2)
    }

    /// Between hand-over and switch the installer is asked to stop, and answers.
    @Test func betweenHandOverAndSwitch() throws {
        let bench = try HubBench(hold: "begun")
        try bench.publish("1.1.0")
        try bench.publishManifest("m", HubBench.manifest("1.1.0"))

        try bench.policy("disabled", manifest: "m")
        try heldAndInitiated(bench, "disabled")
        try bench.policy("disabled", manifest: "m", method: "PUT", enabled: false)
        try cancelled(bench, "disabled")
        try bench.awaitVanished("disabled")

        try bench.policy("deleted", manifest: "m")
        try heldAndInitiated(bench, "deleted")
        try bench.deletePolicy("deleted")
        try cancelled(bench, "deleted")
        try bench.awaitVanished("deleted")

        try bench.policy("reset", manifest: "m")
        try heldAndInitiated(bench, "reset")
        #expect(try bench.node.local("PUT", "nodemanagement/reset/demo/reset").status == 201)
        try cancelled(bench, "reset")
        // It runs again by itself, from the start.
        try heldAndInitiated(bench, "reset")
        #expect(try bench.node.link("current") == 1)
        // The exchange's reset does the same.
        try bench.resetAtExchange("reset")
        try cancelled(bench, "reset")
        try heldAndInitiated(bench, "reset")
        try bench.release()
        let words = try bench.hub.awaitWord("successful", "reset")
        #expect(words == Course.initiated + Course.initiated + ["reset"] + Course.successful)
        #expect(try bench.node.link("recover") == bench.node.link("current"))
        try bench.awaitNoJobFolder()
    }

    @Test func constraintsDecide() throws {
        let bench = try HubBench()
        try bench.publishManifest("m", HubBench.manifest("1.0.0"))
        try bench.policy("elsewhere", manifest: "m", constraints: ["place == moon"])
        // One that matches shows that the other was looked at.
        try bench.policy("here", manifest: "m")
        try bench.hub.awaitWord("no action required", "here")
        #expect(try bench.localStatus("elsewhere") == nil)
        #expect(try bench.hub.words("elsewhere") == [])

        let properties: JSONValue = ["properties": [["name": "place", "type": "string", "value": "moon"]], "constraints": []]
        try bench.hub.call("PUT", "v1/orgs/demo/nodes/node1/policy", properties)
        #expect(try bench.hub.awaitWord("no action required", "elsewhere") == Course.started + ["no action required"])
        try bench.hub.call("DELETE", "v1/orgs/demo/nodes/node1/policy")
        try bench.awaitVanished("elsewhere")
        #expect(try bench.localWord("here") == "no action required")
    }

    private func underWay(_ bench: HubBench, _ proxy: FaultProxy, _ policy: String) throws {
        let before = proxy.bytesForwarded
        try bench.awaitLocal("download started", policy)
        try eventually("bytes of \(policy)") { proxy.bytesForwarded > before + 200_000 }
        #expect(try bench.localWord(policy) == "download started")
    }

    private func heldAndInitiated(_ bench: HubBench, _ policy: String) throws {
        try bench.awaitHold()
        try bench.hub.awaitWord("initiated", policy)
    }

    /// The agent has asked; the installer goes on and finds it.
    private func cancelled(_ bench: HubBench, _ policy: String) throws {
        try eventually("the wish to cancel \(policy)") {
            try bench.jobFolders().contains { FileManager.default.fileExists(atPath: bench.node.state + "/jobs/\($0)/cancel") }
        }
        try bench.release()
    }
}
