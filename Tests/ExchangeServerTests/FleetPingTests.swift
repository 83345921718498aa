import ExchangeModel
import NIOConcurrencyHelpers
import Testing
import UpgradeModel

@testable import ExchangeServer

/// Silent nodes that are asked whether they run, by a stand-in for the network.
@Suite struct FleetPingTests {
    /// Answers as it is told and counts how many ask at once.
    private final class Network: Sendable {
        let asked = NIOLockedValueBox<[String]>([])
        private let atOnce = NIOLockedValueBox((now: 0, most: 0))
        private let gate = ConditionLock(value: false)

        var most: Int { atOnce.withLockedValue { $0.most } }

        func open() {
            gate.lock()
            gate.unlock(withValue: true)
        }

        func get(_ url: String) -> PingReply {
            asked.withLockedValue { $0.append(url) }
            atOnce.withLockedValue { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            gate.lock(whenValue: true)
            gate.unlock()
            atOnce.withLockedValue { $0.now -= 1 }
            let name = url.split(separator: "/")[1]
            switch name {
            case "dead": return .none("nobody\u{1b} there")
            case "other": return .answer(status: 200, body: Array(#"{"node":"o/x","time":"t","version":"1"}"#.utf8))
            case "odd": return .answer(status: 200, body: [0xff])
            default: return .answer(status: 200, body: Array(#"{"node":"o/\#(name)","time":"t","version":"1"}"#.utf8))
            }
        }
    }

    private let now = UTCInstant(secondsSinceEpoch: 1_800_000_000)

    private func look(_ nodes: [(String, NodeHealth.State)]) -> FleetLook {
        let members = nodes.map { name, state in
            let node = HubHealthRow(
                org: "o", id: name, lastHeartbeat: now.adding(.seconds(-1_000)), endPoint: name.hasPrefix("nat") ? "" : "http://\(name)")
            return FleetLook.Member(node: node, health: NodeHealth(state, reason: "silent"))
        }
        return FleetLook(number: 1, began: now, took: .zero, members: members)
    }

    @Test func theSilentOnesAreAskedAndOnlyTheyThemselvesAnswer() async {
        let network = Network()
        network.open()
        let pings = FleetPings(pause: .seconds(30), now: { now }, get: network.get)
        let found = look([
            ("dead", .unreachable), ("late", .late), ("nat", .unreachable), ("odd", .unreachable), ("ok", .ok), ("other", .unreachable),
            ("runs", .unreachable), ("stuck", .stalled),
        ])
        #expect(await pings.ask(found))
        #expect(network.asked.withLockedValue { $0.sorted() } == ["dead", "late", "odd", "other", "runs"].map { "http://\($0)/ping" })
        let judged = found.members.map { pings.judged($0.health, $0.node, at: now) }
        #expect(judged.map(\.state) == [.unreachable, .late, .unreachable, .unreachable, .ok, .unreachable, .late, .stalled])
        #expect(judged[0].reason == "silent; a ping at 2027-01-15T08:00:00Z was in vain: nobody\\u{1b} there")
        #expect(judged[6].reason == "silent; but it answered a ping at 2027-01-15T08:00:00Z: it runs and cannot reach the hub")
        #expect(judged[5].reason.hasSuffix("its address is that of 'o/x'") && judged[2].reason == "silent")
        #expect(!(await pings.ask(found)) && network.asked.withLockedValue { $0.count } == 5, "asked again too early")
        #expect(!(await pings.ask(look([("runs", .ok)]))))
        #expect(pings.judged(found.members[6].health, found.members[6].node, at: now).state == .unreachable, "kept for nobody")
    }

    @Test func soManyAtATimeAndBehindOneLook() async throws {
        let network = Network()
        let pings = FleetPings(pause: .seconds(30), now: { now }, get: network.get)
        let found = look((0..<500).map { ("n\($0 + 1_000)", .unreachable) })
        let asking = Task { await pings.ask(found) }
        try await waitUntil { network.most == 32 }
        #expect(!(await pings.ask(found)), "while some are being asked")
        network.open()
        #expect(await asking.value)
        #expect(network.most == 32 && Set(network.asked.withLockedValue { $0 }).count == 320)
        #expect(await pings.ask(found))
        #expect(network.asked.withLockedValue { $0.count } == 500 && Set(network.asked.withLockedValue { $0 }).count == 500)
    }
}
