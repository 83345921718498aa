import Foundation
import Testing
import UpgradePorts
import UpgradeTransfer
import UpgradeWire

/// Who may change something, and what a reset does.
@Suite(.serialized) struct ResetRightsTests {
    @Test func resetRearmsAndIsRefusedOverTCP() throws {
        let scratch = Scratch()
        let hub = try TestHub(scratch)
        let node = try TestNode(scratch, hubURL: hub.url)
        try node.start()
        try node.register(hub)
        let bad = try TestPackage.make(in: try scratch.folder("p"), version: "1.1.0", health: #"["bin/upliftd","no-such-command"]"#)
        try node.publisher.publishSoftware(hub, version: "1.1.0", file: bad)
        try node.publisher.publishPolicy(hub, "bad", software: "1.1.0")
        let once = try hub.awaitWord("rollback successful", "bad")

        let port = try String(contentsOfFile: node.root + "/run/uplift/agent.port", encoding: .utf8).trimmingCharacters(in: .newlines)
        let overTCP = try CurlHTTPCaller().call(HTTPRequest("PUT", "http://127.0.0.1:\(port)/nodemanagement/reset"))
        #expect(overTCP.status == 403)
        let reading = try CurlHTTPCaller().call(HTTPRequest("GET", "http://127.0.0.1:\(port)/nodemanagement/status"))
        #expect(reading.status == 200)

        // The command line prints what the seed shows, and its reset runs the policy again.
        let list = try tool([Programs.path("uplift"), "nmstatus", "list", "--root", node.root])
        #expect(list == "{\n  \"demo/bad\": \"rollback successful\"\n}\n\n")
        let long = try tool([Programs.path("uplift"), "nmstatus", "list", "-l", "--root", node.root])
        #expect(long.contains("\"agentUpgradePolicyStatus\"") && long.contains("health command"))
        try tool([Programs.path("uplift"), "nmstatus", "reset", "bad", "--root", node.root])
        try eventually("the second run") { try hub.words("bad").count == 2 * once.count }
        #expect(try hub.words("bad") == once + once)
    }

    @Test(.enabled(if: Programs.isRoot, "SKIPPED: only root can try as another user"))
    func anotherUserIsRefusedOnTheSocket() throws {
        let scratch = Scratch()
        let hub = try TestHub(scratch)
        let node = try TestNode(scratch, hubURL: hub.url)
        try node.start()
        try tool(["chmod", "-R", "o+rx", scratch.path])
        // The socket is 0660; to see the peer check itself, not the file's mode, it is opened for everybody.
        try tool(["chmod", "0666", node.root + "/run/uplift/agent.sock"])
        let answer = try tool([
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "-X",
            "PUT",
            "--unix-socket", node.root + "/run/uplift/agent.sock", "http://localhost/nodemanagement/reset",
        ])
        #expect(answer == "403")
    }
}
