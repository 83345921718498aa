import ExchangeModel
import FoundationEssentials
import NIOConcurrencyHelpers
import Testing
import UpgradeModel
import UpgradeWire

@testable import ExchangeServer

/// What a look at a large fleet costs. The times are told and not judged: machines differ.
@Suite struct FleetWatchSizeTests {
    private static let nodes = 10_000
    private static let silent = 100

    private func fill(_ store: SQLiteHubStore, at now: UTCInstant) async throws {
        try await store.write { tables in
            try tables.putOrg("o", OrgDocument(label: "o"))
            for policy in ["p", "q", "r"] { try tables.putManagementPolicy("o", policy, NodeManagementPolicyDocument(label: policy)) }
            for number in 0..<Self.nodes {
                let node = NodeDocument(
                    name: "node", owner: "o/u", softwareVersions: .init(software: "2.0"),
                    lastHeartbeat: now.rfc3339(fractionDigits: 6),
                    publicKey: String(repeating: "k", count: 400), arch: "amd64")
                try tables.putNode("o", "n\(number)", HubNode(document: node, tokenHash: "h"))
                for (policy, word) in [
                    ("p", "successful"), ("q", number >= Self.silent && number % 10 == 0 ? "initiated" : "waiting"),
                    ("r", "no action required"),
                ] {
                    let status = AgentUpgradePolicyStatusDocument(status: word, lastUpdated: now.rfc3339(fractionDigits: 6))
                    try tables.putManagementStatus("o", "n\(number)", policy: policy, .init(agentUpgradePolicyStatus: status))
                }
            }
        }
    }

    /// Looks at a hundred nodes that fall silent, and at 9,900 of which none is ever named.
    @Test func aHundredOfTenThousandAreLateAndThenUnreachable() async throws {
        let root = try makeScratchFolder()
        defer { removeFolder(root) }
        let store = try SQLiteHubStore(path: root + "/exchange.db")
        let start = UTCInstant(secondsSinceEpoch: 1_800_000_000)
        let hands = NIOLockedValueBox(start)
        try await fill(store, at: start)
        let watch = FleetWatch(store: store, options: WatchOptions(), now: { hands.withLockedValue { $0 } }, logger: .silent)
        await watch.begin()
        try tellTimes(of: watch, at: start)
        for (seconds, state) in [(220, .ok), (221, .late), (341, .unreachable)] as [(Int64, NodeHealth.State)] {
            let now = start.adding(.seconds(seconds))
            try await beat(store, Self.silent..<Self.nodes, at: now)
            hands.withLockedValue { $0 = now }
            await watch.look()
            let others = watch.findings.look?.members.filter { $0.health.state != .ok } ?? []
            #expect(
                others.allSatisfy { $0.health.state == state } && others.count == (state == .ok ? 0 : Self.silent), "after \(seconds) s")
        }
        await store.close()
        let changes = watch.findings.history.changes
        #expect(changes.map(\.to) == [NodeHealth.State.late, .unreachable].flatMap { Array(repeating: $0, count: Self.silent) })
        #expect(Set(changes.map(\.place.id)) == Set((0..<Self.silent).map { "n\($0)" }))
    }

    private func tellTimes(of watch: FleetWatch, at now: UTCInstant) throws {
        let (findings, begin) = (watch.findings, ContinuousClock().now)
        let look = try #require(findings.look)
        let report = FleetReportRule.report(look, findings.history, .init(), since: now, at: now)
        let bytes = try JSONEncoder().encode(report).count
        print("\(Self.nodes) nodes: look \(look.took), report \(ContinuousClock().now - begin), \(bytes) bytes")
        #expect(look.members.count == Self.nodes && report.counts["ok"] == Self.nodes)
        #expect(look.members.count { !$0.node.jobs.isEmpty } == (Self.nodes - Self.silent) / 10)
    }

    private func beat(_ store: SQLiteHubStore, _ numbers: Range<Int>, at now: UTCInstant) async throws {
        try await store.write { tables in for number in numbers { _ = try tables.touchNode("o", "n\(number)", at: now) } }
    }
}
