import Logging
import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// The purge job, by a clock that nobody waits for.
@Suite struct OperationPurgeTests {
    private func write(_ site: EngineSite, _ count: Int, _ stage: Operation.Stage = .completed) throws {
        let begun = site.clock.now()
        try site.engine.record(
            (0..<count).map { .operation(Operation(id: "\(stage) \($0) \(begun.rfc3339())", .report, begun: begun, stage)) })
    }

    private func left(_ site: EngineSite) throws -> [Operation] { try site.store.operations(OperationQuery(max: 10_000)) }

    @Test func `what expired goes, and a record of that stays`() throws {
        let site = try EngineSite()
        let purge = OperationPurge(engine: site.engine, clock: site.clock, log: Logger(label: "test"))
        try write(site, 3)
        try write(site, 1, .running)
        #expect(!purge.step())
        #expect(try left(site).count == 4)
        site.clock.advance(by: .seconds(5_184_000))
        #expect(!purge.step())
        let found = try left(site)
        #expect(found.map(\.activity) == [.purge, .report] && found[0].details == "removed 3 records")
        #expect(found[1].stage == .running)
    }

    @Test func `much is removed a batch at each step, and told once`() throws {
        let site = try EngineSite()
        let purge = OperationPurge(engine: site.engine, clock: site.clock, log: Logger(label: "test"))
        try write(site, 250)
        site.clock.advance(by: .seconds(5_184_000))
        for expected in [150, 50, 1] {
            #expect(purge.step() == (expected > 1))
            #expect(try left(site).count == expected)
        }
        #expect(try left(site).first?.details == "removed 250 records")
    }

    @Test func `numbers grow over restarts, and records know their process and their end`() throws {
        let site = try EngineSite()
        try write(site, 2)
        let again = try EngineSite(site.database)
        try write(again, 1, .running)
        #expect(try left(again).map(\.number) == [3, 2, 1])
        #expect(try left(again)[0].expires == site.clock.now().adding(.seconds(5_184_000)))
        #expect(try site.store.load().keys[.lastOperation] == "3")
    }
}
