import FaultServers
import Foundation
import Testing
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// From `switch-intended` on nothing is remembered: local requests are refused with the reason, and what stands at the exchange is acted on
/// when the outcome is final. Source: install.md, "Requests meanwhile".
@Suite(.serialized) struct PolicyTrialTests {
    @Test func requestsDuringATrial() throws {
        let bench = try HubBench(hold: "ready")
        try bench.publish("1.1.0")
        try bench.publishManifest("m", HubBench.manifest("1.1.0"))
        try bench.policy("reset", manifest: "m")
        try bench.awaitHold()
        try refusesChanges(bench, "reset")
        try bench.resetAtExchange("reset")
        try bench.release()
        let words = try bench.hub.awaitWord("no action required", "reset")
        #expect(words == Course.initiated + ["reset", "successful"] + Course.started + ["no action required"])
        #expect(try bench.node.link("recover") == 2)

        // Disabled meanwhile: the outcome stands, the status goes.
        try bench.publish("1.2.0")
        try bench.publishManifest("m2", HubBench.manifest("1.2.0"))
        try bench.policy("disabled", manifest: "m2")
        try bench.awaitHold()
        try bench.policy("disabled", manifest: "m2", method: "PUT", enabled: false)
        try refusesChanges(bench, "disabled")
        try bench.release()
        try bench.awaitVanished("disabled")
        #expect(try bench.node.link("recover") == 3)
        #expect(try bench.node.evidence().version == "1.2.0")
        try eventually("the report of the version") { try bench.hub.version() == "1.2.0" }
    }

    /// A version that was rolled back runs again only when a person says so.
    @Test func aRolledBackVersionWaitsForAReset() throws {
        let bench = try HubBench()
        try bench.publish("1.1.0", health: #"["bin/upliftd","no-such-command"]"#)
        try bench.publishManifest("m", HubBench.manifest("1.1.0"))
        try bench.policy("bad", manifest: "m")
        #expect(try bench.hub.awaitWord("rollback successful", "bad") == Course.rolledBack)
        // News about policies, another policy's run and a restart do not bring it back.
        try bench.restart()
        try bench.publishManifest("nothing", HubBench.manifest("1.0.0"))
        try bench.policy("other", manifest: "nothing")
        try bench.hub.awaitWord("no action required", "other")
        try bench.policy("bad", manifest: "m", method: "PUT")
        try bench.policy("other", manifest: "nothing", method: "PUT", enabled: false)
        try bench.awaitVanished("other")
        #expect(try bench.hub.words("bad") == Course.rolledBack)

        #expect(try bench.node.local("PUT", "nodemanagement/reset").status == 201)
        try eventually("the second run") { try bench.hub.words("bad").count > Course.rolledBack.count }
        #expect(try bench.hub.awaitWord("rollback successful", "bad") == Course.rolledBack + Course.rolledBack)
        #expect(try bench.node.link("current") == 1)
        #expect(try bench.node.link("recover") == 1)
    }

    /// A reset at the exchange is seen until something is sent over it, and counts once.
    @Test func aResetAtTheExchangeCountsOnce() throws {
        let bench = try HubBench(proxied: true)
        let proxy = try #require(bench.proxy)
        try bench.publishManifest("m", HubBench.manifest("1.0.0"))
        try bench.policy("p", manifest: "m")
        try bench.hub.awaitWord("no action required", "p")
        // The node reads, but its statuses do not get through.
        proxy.add(FaultRule(.status(503), pathContains: "managementStatus/p"))
        try bench.resetAtExchange("p")
        try eventually("the reset at the node") { try resets(bench) > 0 }
        let polls = { proxy.requests.filter { $0.target.hasSuffix("managementStatus") }.count }
        let before = polls()
        try eventually("more looks at the statuses") { polls() > before + 6 }
        try bench.awaitLocal("no action required", "p")
        #expect(try resets(bench) == 1)
        proxy.clearRules()
        let again = Course.started + ["no action required"]
        try eventually("the second run at the exchange") { try bench.hub.words("p") == again + ["reset"] + again }
        // The next one counts again.
        try bench.resetAtExchange("p")
        try eventually("the third run") { try bench.hub.words("p") == again + ["reset"] + again + ["reset"] + again }
    }

    private func resets(_ bench: HubBench) throws -> Int {
        let events = try bench.node.local("GET", "eventlog").body?.array ?? []
        return events.filter { $0[member: "message"]?.string?.hasSuffix(": Reset.") == true }.count
    }

    @Test func editsCountWhileItWaitsAndNotLater() throws {
        let bench = try HubBench(hold: "begun")
        try bench.publish("1.1.0")
        try bench.publish("1.2.0")
        try bench.publishManifest("first", HubBench.manifest("1.1.0"))
        try bench.publishManifest("second", HubBench.manifest("1.2.0"))
        try bench.policy("edited", manifest: "second", start: "2100-01-01T00:00:00Z")
        try bench.hub.awaitWord("waiting", "edited")
        try bench.policy("edited", manifest: "first", method: "PUT")
        try bench.awaitHold()
        try bench.policy("edited", manifest: "second", method: "PUT")
        // A policy that came after the edit was seen, so the edit was seen too.
        try bench.policy("marker", manifest: "first", start: "2100-01-01T00:00:00Z")
        try bench.hub.awaitWord("waiting", "marker")
        try bench.release()
        #expect(try bench.hub.awaitWord("successful", "edited") == ["waiting"] + Course.successful)
        #expect(try bench.node.evidence().version == "1.1.0")
    }

    /// Of two that are due, the one with the later schedule goes first (contract 4.8), and the other one waits for its end.
    @Test func oneAtATime() throws {
        let bench = try HubBench()
        try bench.publish("1.1.0")
        try bench.publish("1.2.0")
        try bench.publishManifest("m1", HubBench.manifest("1.1.0"))
        try bench.publishManifest("m2", HubBench.manifest("1.2.0"))
        bench.node.stop()
        try bench.policy("earlier", manifest: "m1", start: "2026-01-01T00:00:00Z")
        try bench.policy("later", manifest: "m2", start: "2026-01-02T00:00:00Z")
        try bench.start()
        #expect(try bench.hub.awaitWord("no action required", "earlier") == Course.started + ["no action required"])
        #expect(try bench.hub.words("later") == Course.successful)
        let active = try history(bench).filter { $0.word != "waiting" }.map(\.policy)
        #expect(active == active.sorted(by: >), "the two took turns: \(active)")
        #expect(try bench.node.evidence().version == "1.2.0")
    }

    private func history(_ bench: HubBench) throws -> [(policy: String, word: String)] {
        let rows = try bench.hub.call("GET", "v1/orgs/demo/nodes/node1/managementStatusHistory")?[member: "history"]?.array ?? []
        return rows.map { row in
            let word = row[member: "body"]?[member: "agentUpgradePolicyStatus"]?[member: "status"]?.string
            return (row[member: "policy"]?.string ?? "", word ?? "")
        }
    }

    /// Every changing local call is 409 and says why.
    private func refusesChanges(_ bench: HubBench, _ policy: String) throws {
        try eventually("the trial as the agent sees it") {
            try bench.node.local("GET", "status").body?[member: "x-uplift"]?[member: "onTrial"]?.bool == true
        }
        for (method, path, body) in [
            ("PUT", "nodemanagement/reset", nil), ("PUT", "nodemanagement/reset/demo/\(policy)", nil), ("DELETE", "node", nil),
            ("POST", "node", ["id": "x", "organization": "demo", "token": "t", "pattern": ""]),
        ] as [(String, String, JSONValue?)] {
            let answer = try bench.node.local(method, path, body)
            #expect(answer.status == 409, "\(method) \(path): \(answer)")
            #expect(answer.body?[member: "error"]?.string?.contains("trial") == true, "\(method) \(path): \(answer)")
        }
    }
}
