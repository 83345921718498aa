import FaultServers
import Foundation
import Testing
import UpgradeWire

/// A true hub that asks a true agent which cannot reach it any more.
@Suite struct FleetPingTests {
    private let scratch = Scratch()

    private func setAddress(_ address: String, of node: String, _ hub: TestHub) throws {
        let path = "v1/" + HubPath.node("demo", node)
        try hub.call("PATCH", path, ["heartbeatIntervals": ["minInterval": 1, "maxInterval": 1, "intervalAdjustment": 0]])
        try hub.call("PATCH", path, ["msgEndPoint": .string(address)])
    }

    private func found(_ hub: TestHub, _ node: String) throws -> FleetReportDocument.Node? {
        let body = try hub.call("GET", "v1/admin/fleet/report", user: "demo/admin")
        let report = try JSONDecoder().decode(FleetReportDocument.self, from: JSONEncoder().encode(body))
        return report.nodes?.first { $0.node == "demo/" + node }
    }

    private func await(_ hub: TestHub, _ node: String, _ state: String, _ words: String) throws {
        var last: FleetReportDocument.Node?
        do {
            try eventually("\(node) \(state)") {
                last = try found(hub, node)
                return last?.state == state && last?.reason.contains(words) == true
            }
        } catch { throw Trouble("\(error); last: \(last?.state ?? "-") \(last?.reason ?? "-")") }
    }

    @Test func anAgentThatRunsAndCannotReachTheHubIsLateAndNotUnreachable() throws {
        let hub = try TestHub(scratch, arguments: ["--watch-interval", "1", "--bound-slack", "1", "--ping-nodes"])
        let proxy = try FaultProxy(upstreamPort: UInt16(hub.port))
        let node = try TestNode(scratch, hubURL: proxy.url)
        try node.start()
        try node.register(hub)
        let port = try String(contentsOfFile: node.root + "/run/uplift/agent.port", encoding: .utf8).filter(\.isNumber)
        try setAddress("http://127.0.0.1:\(port)", of: "node1", hub)
        try self.await(hub, "node1", "ok", "heard at")
        proxy.down()
        try self.await(hub, "node1", "late", "it runs and cannot reach the hub")
        try eventually("two pauses and more") { try (found(hub, "node1")?.age ?? 0) > 5 }
        try self.await(hub, "node1", "late", "more than two pauses of at most 1 s and 1 s besides; but it answered a ping at ")
        node.stop()
        try self.await(hub, "node1", "unreachable", "was in vain: ")
    }

    /// Whatever the address leads to is not followed, and little of it is read.
    @Test func whatANodeCallsItsAddressIsNotBelieved() throws {
        let hub = try TestHub(scratch, arguments: ["--watch-interval", "1", "--bound-slack", "1", "--ping-nodes"])
        let answers = #"{"node":"demo/away","time":"t","version":"1"}"#
        let target = try StubServer { _ in .init(200, body: Array(answers.utf8)) }
        let redirect = try StubServer { _ in .init(302, headers: [("Location", "\(target.url)/ping")]) }
        let flood = try StubServer { _ in .init(200, body: Array((answers + String(repeating: " ", count: 64 << 10)).utf8)) }
        for (name, address) in [("away", redirect.url), ("flood", flood.url)] {
            try hub.call(
                "PUT", "v1/orgs/demo/nodes/" + name,
                ["token": .string(TestHub.password), "name": .string(name), "pattern": "", "publicKey": "key"])
            try setAddress(address, of: name, hub)
        }
        try self.await(hub, "away", "unreachable", "was in vain: its address answers with HTTP 302")
        try self.await(hub, "flood", "unreachable", "was in vain: ")
        #expect(target.requests.isEmpty && redirect.requests.allSatisfy { $0.target == "/ping" })
    }
}
