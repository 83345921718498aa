import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation
import UpgradeWire

@testable import UpgradeAgent

/// A hold lies in the agent's memory: with what every job makes of it, or not at all.
@Suite struct EngineHoldTests {
    private static let hold = Hold(by: "ann (uid 0)", since: UTCInstant(secondsSinceEpoch: 1_767_225_600), reason: "stocktaking")

    private func downloading() throws -> EngineSite {
        let site = try EngineSite()
        try site.match()
        try site.match(EngineSite.two)
        try site.engine.handle(EngineSite.one, .chosen)
        try site.engine.handle(EngineSite.one, .planned(try site.run(), EngineSite.plan))
        return site
    }

    @Test func `who, when and why survive a restart, and so does the pause`() throws {
        let site = try downloading()
        try site.engine.hold(Self.hold)
        #expect(site.effects.all.last.map { if case .stopProcedure = $0 { true } else { false } } == true)
        let again = try EngineSite(site.database)
        for policy in [EngineSite.one, EngineSite.two] { try again.engine.handle(policy, .restarted) }
        #expect(again.engine.snapshot.keys.hold == Self.hold)
        #expect(again.job()?.message == Self.hold.sentence)
        #expect(Self.hold.sentence.contains("ann (uid 0) since 2026-01-01T00:00:00Z (stocktaking)"))
        #expect(again.effects.all == [])
        try again.engine.handle(EngineSite.two, .chosen)
        #expect(again.job(EngineSite.two)?.status == .waiting)
        try again.engine.release(by: "bob")
        #expect(again.engine.snapshot.keys.hold == nil)
        guard case .fetch? = again.effects.all.last else {
            Issue.record("found \(again.effects.all)")
            return
        }
        let codes = try again.store.events(max: 10).map(\.code)
        #expect(codes.contains("node_held") && codes.contains("node_released"))
    }

    @Test func `it is one transaction`() throws {
        let site = try downloading()
        let (before, commits) = (site.database.image, site.store.commits)
        site.store.fail(commit: commits + 1, .before(EngineSite.broken))
        #expect(throws: StoreError.self) { try site.engine.hold(Self.hold) }
        #expect(site.database.image.memory.keys == before.memory.keys)
        #expect(site.engine.snapshot.keys.hold == nil)
        #expect(site.job()?.message == "")
        try site.engine.hold(Self.hold)
        #expect(site.store.commits == commits + 2)
        #expect(site.engine.snapshot.keys == site.database.image.memory.keys)
        #expect(site.engine.snapshot.outbox == site.database.image.memory.outbox.values.sorted { $0.number < $1.number })
    }

    @Test func `said twice it is said once, and another reason counts`() throws {
        let site = try downloading()
        try site.engine.hold(Self.hold)
        let commits = site.store.commits
        try site.engine.hold(Hold(by: Self.hold.by, since: Self.hold.since.adding(.seconds(60)), reason: Self.hold.reason))
        #expect(site.store.commits == commits)
        #expect(site.engine.snapshot.keys.hold?.since == Self.hold.since)
        try site.engine.hold(Hold(by: "bob (uid 7)", since: Self.hold.since, reason: "fire"))
        #expect(site.job()?.message.contains("fire") == true)
        try site.engine.release(by: "bob")
        let after = site.store.commits
        try site.engine.release(by: "bob")
        #expect(site.store.commits == after)
    }

    @Test func `beyond the switch it is refused`() throws {
        let site = try EngineSite()
        let handover = try site.handOver()
        try site.engine.hold(Self.hold)
        #expect(site.job()?.handover == handover)
        try site.engine.handle(EngineSite.one, .recorded(handover.ticket, number: 3, .switchIntended))
        #expect(throws: Refusal.self) { try site.engine.hold(Hold(by: "x", since: Self.hold.since, reason: "y")) }
        #expect(throws: Refusal.self) { try site.engine.release(by: "x") }
        try site.engine.handle(EngineSite.one, .recorded(handover.ticket, number: 7, .committed(at: site.clock.now())))
        #expect(site.engine.snapshot.keys.hold == Self.hold)
    }

    @Test func `a hold that cannot be read holds`() throws {
        let site = try EngineSite()
        try site.engine.record([.set(.hold, "{")])
        try site.match()
        try site.engine.handle(EngineSite.one, .chosen)
        #expect(site.job()?.status == .waiting)
        #expect(site.engine.snapshot.keys.hold?.by == "somebody")
    }

    @Test func `unregistering does not lift it`() throws {
        let site = try downloading()
        try site.engine.hold(Self.hold)
        try site.engine.record([.forgetAll])
        #expect(try EngineSite(site.database).engine.snapshot.keys.hold == Self.hold)
    }

    @Test func `a held node starts nothing and sleeps until it is released`() throws {
        let site = try MindSite(policies: [NodeManagementPolicy(id: EngineSite.one, manifest: "m")])
        try site.engine.engine.hold(Self.hold)
        site.askHub()
        site.run(turns: 20)
        #expect(site.job?.status == .waiting)
        #expect(site.bell.pauses.isEmpty, "nothing is due, so nobody looks")
        try site.engine.engine.release(by: "ann")
        try site.run { $0?.failures == 1 }
    }

    @Test func `people see what a waiting job waits for`() throws {
        let site = try downloading()
        let free = try #require(site.job(EngineSite.two)).document(stateFolder: "/s", hold: nil).explanation
        #expect(free.next != nil)
        try site.engine.hold(Self.hold)
        for policy in [EngineSite.one, EngineSite.two] {
            let shown = try #require(site.job(policy)).document(stateFolder: "/s", hold: site.engine.snapshot.keys.hold).explanation
            #expect(shown.reason == "the end of the hold: this node is \(Self.hold.sentence)")
            #expect(shown.next == nil)
        }
    }
}
