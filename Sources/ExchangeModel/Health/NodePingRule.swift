import UpgradeModel

/// What came of asking a node itself whether it runs.
package enum PingAnswer: Hashable, Sendable {
    /// It does, and it is the one that was meant.
    case runs
    /// Nobody answered, or somebody else; one sentence without a full stop.
    case failed(String)
}

/// Which silent nodes can be asked, and what an answer says of them. Source: seed `dataone-uc10-mn-status-reports.rst`, `ping()`.
package enum NodePingRule {
    /// Longest address that is kept. Bytes.
    package static let addressMax = 256
    /// An answer that is older counts no more, unless nodes are asked more seldom.
    package static let answerLasts = Duration.seconds(600)

    /// What to ask: `/ping` below the address that the node gives for itself (`msgEndPoint`); nil when that is no plain URL of HTTP.
    package static func url(_ endPoint: String) -> String? {
        guard ["http://", "https://"].contains(where: { endPoint.hasPrefix($0) && endPoint.utf8.count > $0.utf8.count }) else { return nil }
        let isPlain = endPoint.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"?#@\\".utf8.contains($0) }
        guard isPlain, endPoint.utf8.count <= addressMax else { return nil }
        return endPoint + (endPoint.hasSuffix("/") ? "ping" : "/ping")
    }

    /// - Parameters:
    ///   - node: who was meant, `org/node`.
    ///   - found: whose name the answer holds; nil when it is no answer to a ping.
    package static func answer(of node: String, status: Int, found: String?) -> PingAnswer {
        guard status == 200 else { return .failed("its address answers with HTTP \(status)") }
        guard let found else { return .failed("what its address answers is no ping's answer") }
        return found == node
            ? .runs : .failed("its address is that of '\(VisibleText.escaping(found, max: NodeHealthRule.messageMax))'")
    }

    /// Whether asking a node could tell more than its heartbeats do.
    package static func isWorthAsking(_ member: FleetLook.Member) -> Bool {
        member.node.pingURL != nil && [.late, .unreachable].contains(member.health.state)
    }

    /// The verdict by heartbeat with what the node answered since; who runs is not unreachable.
    /// - Parameters:
    ///   - time: when the node was asked.
    ///   - lasting: how long an answer counts.
    package static func judged(
        _ health: NodeHealth, _ node: HubHealthRow, by answer: PingAnswer, of time: UTCInstant,
        lasting: Duration = answerLasts, at now: UTCInstant
    ) -> NodeHealth {
        guard [.late, .unreachable].contains(health.state), node.lastHeartbeat.map({ $0 < time }) == true,
            now.duration(since: time) < lasting
        else { return health }
        let moment = time.rfc3339(fractionDigits: 0)
        switch answer {
        case .runs:
            return NodeHealth(.late, reason: health.reason + "; but it answered a ping at \(moment): it runs and cannot reach the hub")
        case .failed(let why): return NodeHealth(health.state, reason: health.reason + "; a ping at \(moment) was in vain: \(why)")
        }
    }
}
