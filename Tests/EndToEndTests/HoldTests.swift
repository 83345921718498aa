import Foundation
import Testing
import UpgradeWire

/// A held node with real programs, and what stays on its disk after an upgrade.
@Suite struct HoldTests {
    @Test func aHeldNodeWaitsOverARestartAndPrunesAfterItsUpgrade() throws {
        let scratch = Scratch()
        let hub = try TestHub(scratch)
        let node = try TestNode(scratch, hubURL: hub.url, settings: ["releases-kept": "0"])
        try node.start()
        try node.register(hub)
        try tool([Programs.path("uplift"), "hold", "--reason", "stocktaking", "--root", node.root])
        let package = try TestPackage.make(in: try scratch.folder("p"), version: "1.1.0")
        try node.publisher.publishSoftware(hub, version: "1.1.0", file: package)
        try node.publisher.publishPolicy(hub, "good", software: "1.1.0")
        try hub.awaitWord("waiting", "good")
        node.stop()
        try node.start()
        try eventually("the reason") {
            try tool([Programs.path("uplift"), "nmstatus", "list", "-l", "--root", node.root]).contains("(stocktaking)")
        }
        let hold = try node.local("GET", "status").body?[member: "x-uplift"]?[member: "hold"]
        #expect(hold?[member: "by"]?.string?.contains("(uid \(geteuid()))") == true)
        #expect(try hub.words("good") == ["waiting"])

        let lifted = try tool([Programs.path("uplift"), "unhold", "--root", node.root])
        #expect(lifted.contains("(stocktaking) and is free now"))
        #expect(try hub.awaitWord("successful", "good") == ["waiting", "download started", "downloaded", "initiated", "successful"])
        let releases = node.state + "/releases"
        try eventually("release 1 is gone") { try FileManager.default.contentsOfDirectory(atPath: releases) == ["2"] }
        #expect(try node.link("recover") == 2)
        node.stop()
    }

    @Test func anotherPolicyDoesNotBringBackWhatWasRolledBack() throws {
        let scratch = Scratch()
        let hub = try TestHub(scratch)
        let node = try TestNode(scratch, hubURL: hub.url)
        try node.start()
        try node.register(hub)
        let bad = try TestPackage.make(in: try scratch.folder("p"), version: "1.1.0", health: #"["bin/upliftd","no-such-command"]"#)
        try node.publisher.publishSoftware(hub, version: "1.1.0", file: bad)
        try node.publisher.publishPolicy(hub, "first", software: "1.1.0")
        try hub.awaitWord("rollback successful", "first")
        try node.publisher.publishPolicy(hub, "second", software: "1.1.0")
        #expect(try hub.awaitWord("precheck failed", "second") == ["waiting", "download started", "precheck failed"])
        #expect(try hub.status("second")?[member: "errorMessage"]?.string?.contains("software 1.1.0 failed on this node before") == true)
        try tool([Programs.path("uplift"), "nmstatus", "reset", "second", "--root", node.root])
        try hub.awaitWord("rollback successful", "second")
        node.stop()
    }
}
