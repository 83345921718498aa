import Foundation
import Testing
import UpgradePorts
import UpgradeWire

/// What a real agent says of itself, before, while and after things go wrong.
@Suite struct NodeHealthTests {
    @Test func anAgentSaysHowItIsAndWhatItDoes() throws {
        let scratch = Scratch()
        let hub = try TestHub(scratch)
        let node = try TestNode(scratch, hubURL: hub.url)
        try node.start()
        let stranger = try #require(try node.local("GET", "ping").body)
        #expect(stranger[member: "node"]?.string == "" && stranger[member: "version"]?.string == "1.0.0")
        try node.register(hub)
        #expect(try node.local("GET", "ping").body?[member: "node"]?.string?.hasPrefix("demo/") == true)
        #expect(try node.local("POST", "ping").status == 405)

        let bad = try TestPackage.make(in: try scratch.folder("p"), version: "1.1.0", health: #"["bin/upliftd","no-such-command"]"#)
        try node.publisher.publishSoftware(hub, version: "1.1.0", file: bad)
        try node.publisher.publishPolicy(hub, "bad", software: "1.1.0")
        try hub.awaitWord("rollback successful", "bad")
        try eventually("nothing owed") { try health(node).outbox == 0 }
        let found = try health(node)
        #expect(found.jobs.map(\.policy) == ["demo/bad"] && found.jobs[0].state == "ended")
        #expect(found.jobs[0].waitsFor.contains("health command") && (found.jobs[0].ageSeconds ?? -1) >= 0)
        #expect(found.versions["software"] == "1.0.0" && found.trouble == nil && found.lastGoodContact != nil)
        #expect((found.machine.freeDiskBytes ?? 0) > 0 && (found.machine.residentBytes ?? 0) > 1 << 20 && found.machine.load?.count == 3)
        #expect(found.work.transactions > 0 && found.work.polls > 0 && !found.isOnTrial && found.held == nil)

        try checkMetrics(
            node, scratch,
            containing: [
                #"uplift_rollbacks_total{reason="#, #"uplift_operations_total{activity="rollback",type="completed"} 1"#,
                "uplift_heartbeat_age_seconds ",
                #"uplift_job_state_seconds{policy="demo/bad",state="ended",status="rollback successful"} "#,
            ])
        try checkHub(hub, node)
        node.stop()
    }

    /// The hub has asked, and knows the same as the node.
    private func checkHub(_ hub: TestHub, _ node: TestNode) throws {
        func ids(_ body: JSONValue?) -> [String] {
            (body?[member: "opstatus"]?.array ?? []).compactMap { $0[member: "_id"]?.string }.sorted()
        }
        try eventually("the hub knows all records") {
            let own = ids(try node.local("GET", "opstatus?last=500").body)
            return try !own.isEmpty && ids(hub.call("GET", "v1/admin/opstatus?node=demo/\(node.name)")) == own
        }
        let told = try #require(try hub.call("GET", "v1/orgs/demo/nodes/\(node.name)/health")?[member: "health"])
        #expect(
            told[member: "versions"]?[member: "software"] == "1.0.0" && told[member: "ping"]?[member: "node"]?.string == "demo/\(node.name)"
        )
    }

    private func health(_ node: TestNode) throws -> NodeHealthDocument {
        let body = try #require(try node.local("GET", "getStatus").body)
        return try JSONDecoder().decode(NodeHealthDocument.self, from: JSONEncoder().encode(body))
    }

    /// Debian's own judge of metrics takes them, from both doors.
    private func checkMetrics(_ node: TestNode, _ scratch: Scratch, containing lines: [String]) throws {
        let port = try String(contentsOfFile: node.root + "/run/uplift/agent.port", encoding: .utf8).filter(\.isNumber)
        for door in [
            ["--unix-socket", node.root + "/run/uplift/agent.sock", "http://localhost/metrics"], ["http://127.0.0.1:\(port)/metrics"],
        ] {
            let file = scratch.path + "/metrics"
            try tool(["curl", "-sSf", "-o", file] + door)
            let text = try String(contentsOfFile: file, encoding: .utf8)
            for line in lines { #expect(text.contains(line), "\(line) in \(text)") }
            #expect(try tool(["sh", "-c", "promtool check metrics < '\(file)'"]) == "")
        }
    }
}
