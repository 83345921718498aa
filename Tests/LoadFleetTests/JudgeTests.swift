import FleetSimulation
import Testing
import UpgradeModel
import UpgradePorts

@testable import LoadFleet

/// What nodes said to a true hub is held against the scenario.
@Suite struct JudgeTests {
    private let clock = LoadClock()
    private let words: LoadWords
    private let judge: LoadJudge
    private static let terms = NodeManagementPolicy(
        id: PolicyID(org: "o", name: "p"), constraints: ["site == berlin", "openhorizon.operatingSystem == debian"])

    /// Two machines are in Berlin; the third one's group has a name that begins with theirs.
    init() throws {
        var scenario = Scenario(name: "s")
        scenario.fleet = [NodeGroup(name: "edge", count: 2), NodeGroup(name: "edge-eu", count: 1)]
        scenario.fleet[0].properties = [Property(name: "site", value: .string("berlin"))]
        scenario.fleet[1].constraints = ["nobody == here"]
        scenario.expectations = [.status(policy: "p", .successful, atLeast: 1, atMost: 1, by: nil)]
        let order = LoadOrder(
            scenario: scenario, seed: 1, url: "http://hub", org: "o", credentials: Credentials(id: "o/u", secret: "pw"),
            trust: HubTrust(certificateAuthorityFile: nil, allowInsecureHub: false), isSure: false)
        words = LoadWords(clock, prefix: order.prefix, nodes: 3)
        let fleet = try LiveFleet(
            scenario, seed: 1, workshop: NodeWorkshop(), begins: UTCInstant(secondsSinceEpoch: 0), spread: .zero, clock: { .zero })
        judge = LoadJudge(order: order, nodes: fleet.nodes, words: words, meter: LoadMeter(clock))
    }

    private func misses(_ open: [NodeManagementPolicy]) -> [String] { judge.report(open: open) { _ in [:] }.verdict.misses }

    @Test func `a hub that cannot be read at the end is missed`() {
        let report = judge.report(open: []) { _ throws(LiveFailure) in throw LiveFailure(.hub, "the hub is gone") }
        #expect(report.verdict.misses.last == "the hub is gone", "\(report.verdict.misses)")
    }

    @Test func `who is concerned and says nothing counts, and nobody else does`() {
        words.said(.successful, of: PolicyID(org: "o", name: "load-1-p"), by: "edge-1")
        #expect(misses([Self.terms]) == ["1 of 2 nodes of policy p are successful, expected 100%"])
    }

    @Test func `of nobody nothing is shown`() {
        #expect(misses([]) == ["0 of 0 nodes of policy p are successful, expected 100%, and nobody is concerned"])
    }

    @Test func `words are those of the wire`() {
        words.said(.noActionRequired, of: PolicyID(org: "o", name: "load-1-p"), by: "edge-1")
        let report = judge.report(open: []) { _ in [:] }
        #expect(report.verdict.figures.statuses == ["p": ["no action required": 1]])
        #expect(report.verdict.violations.map(\.what) == ["the hub has nothing of p, and took in no action required"])
    }
}
