import Foundation
import Testing
import UpgradeWire

/// The operator's health probes, with real programs.
@Suite struct HealthProbeTests {
    private func put(_ script: String, _ name: String, _ node: TestNode) throws {
        let folder = node.root + "/etc/uplift/health.d"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "#!/bin/sh\n\(script)\n".write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
        try tool(["chmod", "755", folder + "/" + name])
        try tool(["chmod", "-R", "go-w", node.root + "/etc/uplift"])
    }

    private func uplift(_ node: TestNode, _ words: String...) throws -> String {
        try tool([Programs.path("uplift"), "nmstatus"] + words + ["--root", node.root])
    }

    private func verdicts(_ node: TestNode, _ policy: String) throws -> [String] {
        let shown = try JSONDecoder().decode(JSONValue.self, from: Data(try uplift(node, "list", "-l", policy).utf8))
        let health = shown[member: "demo/\(policy)"]?[member: "x-uplift"]?[member: "health"]
        return (health?[member: "trial"]?.array ?? []).map { "\($0[member: "name"]?.string ?? ""): \($0[member: "verdict"]?.string ?? "")" }
    }

    @Test func whatWorkedBeforeMustWorkAfterAndAllResultsAreShown() throws {
        let scratch = Scratch()
        let hub = try TestHub(scratch)
        let node = try TestNode(scratch, hubURL: hub.url)
        try put("cat $UPLIFT_ROOT/var/lib/uplift/current/software/share/answer 2>/dev/null && exit 4; echo all well", "10-current", node)
        try put("echo never; exit 1", "20-never", node)
        try node.start()
        try node.register(hub)
        try node.publisher.publishSoftware(hub, version: "1.1.0", file: try TestPackage.make(in: try scratch.folder("p"), version: "1.1.0"))
        try node.publisher.publishPolicy(hub, "good", software: "1.1.0")
        try hub.awaitWord("successful", "good")
        let names = ["readiness", "health command", "local API over TCP", "10-current"].map { $0 + ": passed" }
        #expect(try verdicts(node, "good") == names + ["20-never: ignored", "hub: passed"])

        let bad = try TestPackage.make(
            in: try scratch.folder("p"), version: "1.2.0", entries: [(path: "share/answer", mode: 0o644, bytes: Array("500 oops".utf8))])
        try node.publisher.publishSoftware(hub, version: "1.2.0", file: bad)
        try node.publisher.publishPolicy(hub, "bad", software: "1.2.0")
        try hub.awaitWord("rollback successful", "bad")
        let reason =
            "the health probe 10-current worked before the upgrade (ended well (all well)) and does not now: failed: exit 4 (500 oops)"
        #expect(try hub.status("bad")?[member: "errorMessage"]?.string?.contains(reason) == true)
        #expect(try verdicts(node, "bad") == Array(names.dropLast()) + ["10-current: failed"])
        let table = try uplift(node, "health")
        for words in [
            "demo/bad: rollback successful", "10-current          failed", "demo/good: successful", "20-never            ignored",
        ] {
            #expect(table.contains(words), "\(table)")
        }
        let log = try node.local("GET", "eventlog").body?.array ?? []
        let events = log.filter { $0[member: "event_code"]?.string == "upgrade_health" }
        #expect(events.contains { $0[member: "message"]?.string?.contains("10-current failed: failed: exit 4 (500 oops)") == true })
        node.stop()
    }
}
