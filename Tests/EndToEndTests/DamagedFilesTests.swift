import Foundation
import Testing
import UpgradeWire

/// Small files of a node that are damaged or misplaced take no agent from it, and a first package that is not believed leaves nothing.
@Suite(.serialized) struct DamagedFilesTests {
    @Test func aDamagedIdentityIsToldAndANewRegistrationKeepsIt() throws {
        let scratch = Scratch()
        let hub = try TestHub(scratch)
        let node = try TestNode(scratch, hubURL: hub.url)
        try node.start()
        try node.register(hub)
        node.stop()
        let identity = URL(fileURLWithPath: node.state + "/identity")
        let damaged = try Data(contentsOf: identity).prefix(100)
        try damaged.write(to: identity)
        try node.start()
        let trouble = try node.local("GET", "status").body?[member: "liveHealth"]?[member: "trouble"]?.string ?? ""
        #expect(trouble.contains("identity") && trouble.contains("register the node anew"), "\(trouble)")
        try hub.call("DELETE", "v1/orgs/demo/nodes/\(node.name)")
        try node.register(hub)
        #expect(try Data(contentsOf: URL(fileURLWithPath: node.state + "/identity.damaged")) == damaged)
        #expect(try node.local("GET", "status").body?[member: "liveHealth"]?[member: "trouble"]?.string == nil)
    }

    @Test func aLinkAmongTheSettingsIsToldAndNothingElse() throws {
        let scratch = Scratch()
        let node = try TestNode(scratch, hubURL: "http://127.0.0.1:9")
        try FileManager.default.createSymbolicLink(atPath: node.root + "/etc/uplift/zz.conf", withDestinationPath: "nowhere")
        try node.start()
        let told = try node.local("GET", "status").body?[member: "x-uplift"]?[member: "settingsMistakes"]?.array?.compactMap(\.string) ?? []
        #expect(told.count == 1 && told[0].hasPrefix("/etc/uplift/zz.conf does not hold: "), "\(told)")
    }

    @Test func aFirstPackageThatIsNotBelievedLeavesNothing() throws {
        let scratch = Scratch()
        let root = try scratch.folder("fresh")
        let package = try TestPackage.make(in: try scratch.folder("p"), version: "1.0.0")
        let signature = scratch.path + "/bad.sig"
        try Data(repeating: 7, count: 256).write(to: URL(fileURLWithPath: signature))
        let command = [Programs.path("upliftd"), "install", "--first", package, "--signature", signature, "--root", root]
        let said = try tool(command, accept: [1])
        #expect(said.contains("no trusted key") || said.contains("is wrong"), "\(said)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: root + "/var/lib/uplift/releases") == [])
    }
}
