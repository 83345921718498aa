import Foundation
import Testing
import UpgradePorts
import UpgradeWire

/// The main job, with real programs: one good upgrade, one bad.
@Suite struct GoodAndBadUpgradeTests {
    @Test func aGoodUpgradeAndThenABadOne() throws {
        let scratch = Scratch()
        let hub = try TestHub(scratch)
        let node = try TestNode(scratch, hubURL: hub.url)
        try node.start()
        try node.register(hub)
        let good = try TestPackage.make(in: try scratch.folder("p"), version: "1.1.0")
        try node.publisher.publishSoftware(hub, version: "1.1.0", file: good)
        try node.publisher.publishPolicy(hub, "good", software: "1.1.0")
        #expect(try hub.awaitWord("successful", "good") == ["waiting", "download started", "downloaded", "initiated", "successful"])
        try eventually("the report of the version") { try hub.version() == "1.1.0" }
        #expect(try node.link("current") == 2)
        #expect(try node.link("recover") == 2)

        let bad = try TestPackage.make(in: try scratch.folder("p"), version: "1.2.0", health: #"["bin/upliftd","no-such-command"]"#)
        try node.publisher.publishSoftware(hub, version: "1.2.0", file: bad)
        try node.publisher.publishPolicy(hub, "bad", software: "1.2.0")
        let words = try hub.awaitWord("rollback successful", "bad")
        #expect(words == ["waiting", "download started", "downloaded", "initiated", "failed", "rollback started", "rollback successful"])
        #expect(try hub.version() == "1.1.0")
        #expect(try node.link("current") == 2)
        #expect(try hub.status("bad")?[member: "errorMessage"]?.string?.contains("health command") == true)
        #expect(try node.evidence().version == "1.1.0")
        try checkOperations(node)
        node.stop()
        // It ends by itself: a word that is under way is said to its end, once.
        let ends = node.log().split(separator: "\n").filter { $0.contains("supervisor: agent ended") }
        #expect(!ends.isEmpty && ends.allSatisfy { $0.contains("exit 0") }, "\(ends)")
    }

    /// Every kind of work left its record, and what the installer did there is as its journal says.
    private func checkOperations(_ node: TestNode) throws {
        let lines = try tool([Programs.path("uplift"), "--root", node.root, "opstatus", "export"]).split(separator: "\n")
        let records = try lines.map { try JSONDecoder().decode(OperationDocument.self, from: Data($0.utf8)) }
        let of = { (policy: String) in
            records.reversed().filter { $0.context.queue_tag == "demo/\(policy)" && $0.activity != "report" }.map {
                "\($0.activity) \($0.type)"
            }
        }
        let work = [
            "match completed", "start completed", "plan completed", "download completed", "verify completed", "unpack completed",
            "turn completed",
        ]
        #expect(of("good") == work + ["install completed", "health completed"])
        #expect(of("bad") == work + ["install completed", "health exception", "rollback completed"])
        #expect(records.contains { $0.activity == "poll" } && records.filter { $0.activity == "report" }.count == 13)
        #expect(records.allSatisfy { $0.context.node_uuid?.hasPrefix("demo/") == true })
        let proof = try #require(records.first { $0.activity == "health" && $0.type == "exception" })
        #expect(proof.status == "error" && proof.details.contains("health command") && proof.context.worker_process == nil)
    }
}
