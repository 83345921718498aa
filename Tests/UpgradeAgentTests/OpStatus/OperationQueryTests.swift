import Testing
import UpgradeModel
import UpgradePorts

@testable import UpgradeAgent

/// What the query of `GET /opstatus` asks for.
@Suite struct OperationQueryTests {
    @Test func `nothing asks for the newest page`() throws { #expect(try OperationQuery([], max: 7) == OperationQuery(max: 7)) }

    @Test func `every part narrows`() throws {
        let query = try OperationQuery(
            [
                ("last", "3"), ("below", "9"), ("activity", "plan"), ("policy", "o/p"), ("since", "2026-01-01T00:00:00Z"),
                ("until", "2026-01-02T00:00:00Z"), ("type", "completed"), ("status", "ok"),
            ], max: 7)
        var expected = OperationQuery(max: 3)
        (expected.order, expected.activity, expected.policy) = (.newestFirst(below: 9), .plan, PolicyID(org: "o", name: "p"))
        (expected.since, expected.until) = (UTCInstant(rfc3339: "2026-01-01T00:00:00Z"), UTCInstant(rfc3339: "2026-01-02T00:00:00Z"))
        expected.stages = [.completed]
        #expect(query == expected)
    }

    @Test func `what cannot be both is nothing`() throws {
        #expect(try OperationQuery([("type", "running"), ("status", "ok")], max: 7).stages == [])
        #expect(try OperationQuery([("status", "error")], max: 7).stages == [.exception])
    }

    @Test(arguments: [
        ("last", "0"), ("last", "8"), ("last", "x"), ("below", ""), ("activity", "walk"), ("type", "done"), ("status", "bad"),
        ("policy", "p"), ("since", "yesterday"), ("until", ""), ("colour", "red"),
    ])
    func `a part that means nothing is named`(_ name: String, _ value: String) {
        let mistake = #expect(throws: QueryMistake.self) { try OperationQuery([(name, value)], max: 7) }
        #expect(mistake?.explanation.contains("'\(name == "colour" ? name : value)'") == true)
    }
}
