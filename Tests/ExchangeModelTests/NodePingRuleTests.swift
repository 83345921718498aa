import ExchangeModel
import Testing
import UpgradeModel

/// Whom the hub asks, and what an answer changes.
@Suite struct NodePingRuleTests {
    private static let now = UTCInstant(secondsSinceEpoch: 1_800_000_000)

    private static func ago(_ seconds: Int64) -> UTCInstant { now.adding(.seconds(-seconds)) }

    @Test(
        arguments: [
            ("http://10.0.0.7:8510", "http://10.0.0.7:8510/ping"), ("https://n.example/agent/", "https://n.example/agent/ping"),
            ("", nil), ("http://", nil), ("10.0.0.7:8510", nil), ("file:///etc", nil), ("ftp://a", nil), ("HTTP://a", nil),
            ("http://a?x=", nil), ("http://a#", nil), ("http://u:p@a", nil), ("http://a b", nil), ("http://a\r\nX: y", nil),
            ("http://\u{fc}", nil), ("http://" + String(repeating: "a", count: 250), nil),
        ] as [(String, String?)])
    func onlyPlainAddressesAreAsked(endPoint: String, url: String?) { #expect(NodePingRule.url(endPoint) == url) }

    @Test func onlyTheNodeItselfAnswersForIt() {
        #expect(NodePingRule.answer(of: "o/n", status: 200, found: "o/n") == .runs)
        #expect(NodePingRule.answer(of: "o/n", status: 302, found: "o/n") == .failed("its address answers with HTTP 302"))
        #expect(NodePingRule.answer(of: "o/n", status: 200, found: nil) == .failed("what its address answers is no ping's answer"))
        #expect(NodePingRule.answer(of: "o/n", status: 200, found: "x\u{1b}") == .failed("its address is that of 'x\\u{1b}'"))
    }

    @Test(
        arguments: [
            (.unreachable, 1_000, 5, .late), (.late, 1_000, 5, .late), (.ok, 1_000, 5, .ok), (.stalled, 1_000, 5, .stalled),
            (.neverSeen, nil, 5, .neverSeen), (.unreachable, 1_000, 599, .late), (.unreachable, 1_000, 600, .unreachable),
            (.unreachable, 100, 101, .unreachable),
        ] as [(NodeHealth.State, Int64?, Int64, NodeHealth.State)])
    func whoAnswersIsNotUnreachable(state: NodeHealth.State, heard: Int64?, asked: Int64, judged: NodeHealth.State) {
        let node = HubHealthRow(org: "o", id: "n", lastHeartbeat: heard.map(Self.ago))
        let health = NodeHealth(state, reason: "r")
        let found = NodePingRule.judged(health, node, by: .runs, of: Self.ago(asked), at: Self.now)
        #expect(found.state == judged)
        let counts = [.late, .unreachable].contains(state) && judged == .late
        #expect(found.reason.hasSuffix("Z: it runs and cannot reach the hub") == counts)
        let silent = NodePingRule.judged(health, node, by: .failed("why"), of: Self.ago(asked), at: Self.now)
        #expect(silent.state == state && silent.reason.hasSuffix("Z was in vain: why") == counts)
    }

    @Test func onlySilentNodesWithAnAddressAreWorthAsking() {
        for state in NodeHealth.State.allCases {
            for endPoint in ["http://a", ""] {
                let node = HubHealthRow(org: "o", id: "n", endPoint: endPoint)
                let member = FleetLook.Member(node: node, health: NodeHealth(state, reason: ""))
                #expect(NodePingRule.isWorthAsking(member) == (endPoint != "" && [.late, .unreachable].contains(state)))
            }
        }
    }
}
