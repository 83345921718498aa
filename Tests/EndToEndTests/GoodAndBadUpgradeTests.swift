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
        node.stop()
        // It ends by itself: a word that is under way is said to its end, once.
        let ends = node.log().split(separator: "\n").filter { $0.contains("supervisor: agent ended") }
        #expect(!ends.isEmpty && ends.allSatisfy { $0.contains("exit 0") }, "\(ends)")
    }
}
