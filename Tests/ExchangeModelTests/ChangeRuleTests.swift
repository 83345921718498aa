import ExchangeModel
import Testing
import UpgradeModel
import UpgradeWire

@Suite struct ChangeRuleTests {
    private func row(_ number: Int64, _ id: String, _ operation: String, org: String = "o", resource: String = "node") -> ChangeRow {
        ChangeRow(
            number: number, time: UTCInstant(secondsSinceEpoch: number), org: org, id: id, resource: resource, operation: operation)
    }

    @Test func rowsAreGroupedByOrgIdAndResourceWithTheLastOperation() {
        let rows = [
            row(1, "n1", "created"), row(2, "n2", "created"), row(3, "n1", "deleted"), row(4, "n1", "created", org: "p"),
            row(5, "n1", "modified", resource: "nodepolicies"),
        ]
        let page = ChangePageRule.page(rows: rows, from: .oldest, limit: 100, newest: 9, version: "v")
        #expect(page.changes.map(\.id) == ["n1", "n2", "n1", "n1"])
        #expect(page.changes[0].operation == "deleted")
        #expect(page.changes[0].resourceChanges.map(\.changeId) == [1, 3])
        #expect(page.changes[0].resourceChanges[0].lastUpdated == "1970-01-01T00:00:01.000000Z")
        #expect(page.mostRecentChangeId == 9)
        #expect(!page.hitMaxRecords)
        #expect(page.exchangeVersion == "v")
    }

    @Test func aFullPageSaysHowFarItReaches() {
        let rows = [row(1, "n1", "created"), row(2, "n2", "created")]
        let page = ChangePageRule.page(rows: rows, from: .number(1), limit: 2, newest: 9, version: "v")
        #expect(page.mostRecentChangeId == 2)
        #expect(page.hitMaxRecords)
    }

    @Test func aPageWithoutRoomLeavesThePollerWhereItIs() {
        for (start, reach) in [(ChangeWindowRule.Start.number(7), Int64(6)), (.oldest, 0), (.time(.distantPast), 0)] {
            let page = ChangePageRule.page(rows: [], from: start, limit: 0, newest: 9, version: "v")
            #expect(page.mostRecentChangeId == reach)
            #expect(!page.hitMaxRecords)
        }
    }

    @Test func aPollerThatIsAheadIsLedBack() {
        for limit in [0, 5] {
            let page = ChangePageRule.page(rows: [], from: .number(.max), limit: limit, newest: 9, version: "v")
            #expect(page.mostRecentChangeId == 9)
        }
        #expect(ChangePageRule.page(rows: [], from: .number(10), limit: 5, newest: 9, version: "v").mostRecentChangeId == 9)
        #expect(ChangePageRule.page(rows: [], from: .number(5), limit: 5, newest: 9, version: "v").mostRecentChangeId == 9)
    }

    @Test func aNumberWinsOverATimeAndATimeReachesTenSecondsBack() throws {
        #expect(try ChangeWindowRule.start(of: .init(changeId: 5, lastUpdated: "1970-01-01T00:01:00Z")) == .number(5))
        let time = try ChangeWindowRule.start(of: .init(changeId: 0, lastUpdated: "1970-01-01T00:01:00.000Z[UTC]"))
        #expect(time == .time(UTCInstant(secondsSinceEpoch: 50)))
        #expect(try ChangeWindowRule.start(of: .init(changeId: -5)) == .oldest)
    }

    @Test(arguments: ["", "yesterday", "2026-01-02"])
    func aTimeThatCannotBeReadIsRefused(text: String) {
        #expect(throws: Refusal.self) { try ChangeWindowRule.start(of: .init(changeId: 5, lastUpdated: text)) }
    }

    @Test func thePageIsCapped() {
        #expect(ChangeWindowRule.limit(of: .init(maxRecords: 1_000_000)) == 10_000)
        #expect(ChangeWindowRule.limit(of: .init(maxRecords: -1)) == 0)
    }

    @Test func scopes() {
        let node = Caller(org: "o", id: "n1", role: .node)
        #expect(ChangeScope.of(node, org: "o", orgList: ["*"]) == .node(org: "o", id: "n1"))
        #expect(ChangeScope.of(.root, org: "o", orgList: ["p"]) == .org("o"))
        let agbot = Caller(org: "IBM", id: "b", role: .agbot)
        #expect(ChangeScope.of(agbot, org: "IBM", orgList: ["*"]) == .everything)
        #expect(ChangeScope.of(agbot, org: "IBM", orgList: ["o", "p"]) == .orgs(["o", "p"]))
        for list in [["*"], ["p"]] {
            #expect(ChangeScope.of(Caller(org: "o", id: "b", role: .agbot), org: "o", orgList: list) == .org("o"), "its own org alone")
        }
    }
}
