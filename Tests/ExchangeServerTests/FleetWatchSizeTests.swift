import ExchangeModel
import FoundationEssentials
import Testing
import UpgradeModel
import UpgradeWire

@testable import ExchangeServer

/// What a look at a large fleet costs. The times are told and not judged: machines differ.
@Suite struct FleetWatchSizeTests {
    private static let nodes = 10_000

    private func fill(_ store: SQLiteHubStore, at now: UTCInstant) async throws {
        try await store.write { tables in
            try tables.putOrg("o", OrgDocument(label: "o"))
            for policy in ["p", "q", "r"] { try tables.putManagementPolicy("o", policy, NodeManagementPolicyDocument(label: policy)) }
            for number in 0..<Self.nodes {
                let node = NodeDocument(
                    name: "node", owner: "o/u", softwareVersions: .init(software: "2.0"),
                    lastHeartbeat: now.adding(.seconds(-number % 120)).rfc3339(fractionDigits: 6),
                    publicKey: String(repeating: "k", count: 400), arch: "amd64")
                try tables.putNode("o", "n\(number)", HubNode(document: node, tokenHash: "h"))
                for (policy, word) in [("p", "successful"), ("q", number % 10 == 0 ? "initiated" : "waiting"), ("r", "no action required")]
                {
                    let status = AgentUpgradePolicyStatusDocument(status: word, lastUpdated: now.rfc3339(fractionDigits: 6))
                    try tables.putManagementStatus("o", "n\(number)", policy: policy, .init(agentUpgradePolicyStatus: status))
                }
            }
        }
    }

    @Test func aRoundAndAReportOfTenThousandNodes() async throws {
        let root = try makeScratchFolder()
        defer { removeFolder(root) }
        let store = try SQLiteHubStore(path: root + "/exchange.db")
        let now = UTCInstant(secondsSinceEpoch: 1_800_000_000)
        try await fill(store, at: now)
        let clock = ContinuousClock()
        let start = clock.now
        let watch = FleetWatch(store: store, options: WatchOptions(), now: { now }, logger: .silent)
        await watch.begin()
        let looked = clock.now
        let findings = watch.findings
        let round = try #require(findings.round)
        let report = FleetReportRule.report(round, findings.history, .init(), since: now, at: now)
        let bytes = try JSONEncoder().encode(report).count
        let told = clock.now
        await store.close()
        #expect(round.members.count == Self.nodes && report.counts["ok"] == Self.nodes)
        #expect(round.members.count { !$0.node.jobs.isEmpty } == Self.nodes / 10)
        print("\(Self.nodes) nodes: round \(looked - start), report \(told - looked), \(bytes) bytes")
    }
}
