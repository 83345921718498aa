import Foundation
import Testing
import UpgradePorts
import UpgradeWire

/// A damaged or missing database: kept, nothing re-sent, nothing forgotten, nothing started before a reset.
@Suite(.serialized) struct DatabaseLostTests {
    @Test(arguments: ["damaged", "missing"])
    func theNodeRunsOnWithoutItsMemory(_ how: String) throws {
        let scratch = Scratch()
        let hub = try TestHub(scratch)
        let node = try TestNode(scratch, hubURL: hub.url)
        try node.start()
        try node.register(hub)
        let package = try TestPackage.make(in: try scratch.folder("p"), version: "1.1.0")
        try node.publisher.publishSoftware(hub, version: "1.1.0", file: package)
        try node.publisher.publishPolicy(hub, "first", software: "1.1.0")
        let before = try hub.awaitWord("successful", "first")
        try eventually("the report of the version") { try hub.version() == "1.1.0" }
        node.stop()

        let database = node.state + "/releases/2/agent.db"
        if how == "missing" {
            try FileManager.default.removeItem(atPath: database)
        } else {
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: database))
            try handle.seek(toOffset: 1024)
            try handle.write(contentsOf: Data(repeating: 0x5A, count: 8192))
            try handle.close()
        }
        try node.start()
        try eventually("the word unknown") { try node.word("first") == "unknown" }
        // Registered still, the floor kept, the damaged file kept; the exchange hears one new word and no old one.
        let status = try node.local("GET", "status").body?[member: "x-uplift"]
        #expect(status?[member: "databaseLost"]?.string?.contains("database lost") == true)
        #expect(status?[member: "softwareFloor"]?.string == "1.1.0")
        if how == "damaged" { #expect(FileManager.default.fileExists(atPath: database + ".damaged-1")) }
        #expect(try hub.awaitWord("unknown", "first") == before + ["unknown"])

        // A new version is not started by itself; a reset leads out.
        let newer = try TestPackage.make(in: try scratch.folder("p"), version: "1.2.0")
        try node.publisher.publishSoftware(hub, version: "1.2.0", file: newer)
        try node.publisher.publishPolicy(hub, "second", software: "1.2.0")
        try hub.awaitWord("unknown", "second")
        let reset = try node.local("PUT", "nodemanagement/reset")
        #expect(reset.status == 201)
        try hub.awaitWord("successful", "second")
        #expect(try node.evidence().version == "1.2.0")
        #expect(try node.local("GET", "status").body?[member: "x-uplift"]?[member: "databaseLost"]?.string == nil)
    }
}
