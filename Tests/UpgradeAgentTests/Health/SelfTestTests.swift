import Testing
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// What the agent finds when it looks at itself, and what it writes down of that.
@Suite struct SelfTestTests {
    private func told(_ site: MindSite) throws -> [String] {
        var query = OperationQuery(max: 100)
        query.activity = .selftest
        return try site.engine.store.operations(query).reversed().map { "\($0.stage): \($0.details)" }
    }

    private func poll(_ site: MindSite, _ stage: Operation.Stage, _ details: String) throws {
        site.clock.advance(by: .seconds(60))
        let id = "poll-\(stage)"
        try site.engine.engine.record([.operation(Operation(id: id, .poll, begun: site.clock.now(), stage, details))])
    }

    @Test func `a look is a record when it finds something else than the last one`() throws {
        let site = try MindSite()
        let test = site.selfTest
        for _ in 1...3 { test.step() }
        #expect(try told(site) == ["completed: nothing is wrong"])
        try poll(site, .exception, "no route")
        for _ in 1...3 { test.step() }
        #expect(try told(site).count == 2)
        #expect(try told(site).last?.hasPrefix("exception: the hub is away since 20") == true)
        #expect(try told(site).last?.hasSuffix(": no route") == true)
        try poll(site, .completed, "the hub answers")
        test.step()
        #expect(try told(site).suffix(1) == ["completed: nothing is wrong"])
        // After a restart what was written last is known from the records.
        site.selfTest.step()
        #expect(try told(site).count == 3)
    }

    @Test func `what the hub refused is found`() throws {
        let site = try MindSite()
        let row = OutboxRow(number: 1, policy: EngineSite.one, content: .deletion)
        try site.engine.engine.record([
            .owe(row), .undeliverable(UndeliverableRow(row: row, code: 400, answer: "no", at: site.clock.now())),
        ])
        site.selfTest.step()
        #expect(try told(site) == ["exception: the hub refused a row for good"])
    }
}
