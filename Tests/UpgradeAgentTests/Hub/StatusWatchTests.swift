import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// Resets that stand at the exchange count once; statuses of unknown policies are removed there.
@Suite struct StatusWatchTests {
    private static let unknown = PolicyID(org: "acme", name: "unknown")

    /// A site with a job that is being planned, and nothing owed.
    private func site() throws -> EngineSite {
        let site = try EngineSite()
        try site.match()
        try site.engine.handle(EngineSite.one, .chosen)
        _ = try Outbox(client: SimExchange(), engine: site.engine, clock: site.clock).drain()
        return site
    }

    private func hub(_ statuses: [PolicyID: Status?]) -> SimExchange {
        var content = SimExchange.Content()
        content.statuses = statuses
        return SimExchange(content)
    }

    private func ticket(_ site: EngineSite) -> Ticket? { site.job()?.ticket }

    @Test func `statuses are read when asked for, or when something is to be sent`() throws {
        let site = try site()
        let (watch, hub) = (StatusWatch(engine: site.engine), hub([EngineSite.one: .waiting]))
        let statuses = try #require(try watch.read(hub))
        try watch.removeUnknown(statuses, hub)
        #expect(try watch.read(hub) == nil)
        watch.ask()
        #expect(try watch.read(hub) != nil)
        try watch.removeUnknown(statuses, hub)
        try site.match(EngineSite.two)
        #expect(try watch.read(hub) != nil)
    }

    @Test func `a reset counts once, however long it stands there`() throws {
        let site = try site()
        let (watch, hub) = (StatusWatch(engine: site.engine), hub([EngineSite.one: .reset]))
        #expect(ticket(site) != nil)
        _ = try watch.read(hub)
        #expect(ticket(site) == nil)
        try site.engine.handle(EngineSite.one, .chosen)
        let second = try #require(ticket(site))
        _ = try watch.read(hub)
        #expect(ticket(site) == second)
        // Once something was sent over it, a reset that stands there is another one.
        _ = try Outbox(client: SimExchange(), engine: site.engine, clock: site.clock).drain()
        _ = try watch.read(hub)
        #expect(ticket(site) == nil)
    }

    @Test func `a reset counts once for the next process too`() throws {
        let site = try site()
        let hub = hub([EngineSite.one: .reset])
        _ = try StatusWatch(engine: site.engine).read(hub)
        let again = try EngineSite(site.database)
        try again.engine.handle(EngineSite.one, .chosen)
        let second = try #require(ticket(again))
        let watch = StatusWatch(engine: again.engine)
        _ = try watch.read(hub)
        #expect(ticket(again) == second)
        // What was sent over it is remembered as well.
        _ = try Outbox(client: SimExchange(), engine: again.engine, clock: again.clock).drain()
        #expect(again.engine.resetsTaken.isEmpty)
        _ = try StatusWatch(engine: try EngineSite(site.database).engine).read(hub)
        #expect(try site.store.load().jobs[EngineSite.one]?.ticket == nil)
    }

    @Test func `a reset that vanished and came back counts again`() throws {
        let site = try site()
        let watch = StatusWatch(engine: site.engine)
        _ = try watch.read(hub([EngineSite.one: .reset]))
        _ = try watch.read(hub([EngineSite.one: .waiting]))
        try site.engine.handle(EngineSite.one, .chosen)
        _ = try watch.read(hub([EngineSite.one: .reset]))
        #expect(ticket(site) == nil)
    }

    @Test func `a reset that is refused now is taken in later, and nothing is sent over it`() throws {
        let site = try site()
        let (watch, hub) = (StatusWatch(engine: site.engine), hub([EngineSite.one: .reset, Self.unknown: .reset]))
        site.engine.restrict(true)
        #expect(throws: Refusal.self) { try watch.read(hub) }
        #expect(ticket(site) != nil)
        site.engine.restrict(false)
        try #require(try watch.read(hub) != nil)
        #expect(ticket(site) == nil)
    }

    @Test func `a question that comes in the middle of a look is not lost`() throws {
        let site = try site()
        let (watch, hub) = (StatusWatch(engine: site.engine), hub([EngineSite.one: .waiting]))
        let statuses = try #require(try watch.read(hub))
        watch.ask()
        try watch.removeUnknown(statuses, hub)
        #expect(try watch.read(hub) != nil)
    }

    @Test func `words that follow others of which nothing stands there may be another policy's`() throws {
        let site = try site()
        let watch = StatusWatch(engine: site.engine)
        try site.match(EngineSite.two)
        // First words follow none.
        #expect(!watch.misses([:]))
        try site.engine.handle(EngineSite.one, .nothingToDo(try site.run(), reason: "", versions: [:]))
        #expect(watch.misses([:]))
        #expect(watch.misses([EngineSite.two: .waiting]))
        #expect(!watch.misses([EngineSite.one: .downloadStarted]))
        // A word that this agent does not know is one.
        #expect(!watch.misses([EngineSite.one: Status?.none]))
    }

    @Test func `statuses of policies that are neither known nor owed are removed`() throws {
        let site = try site()
        try site.match(EngineSite.two)
        try site.engine.handle(EngineSite.two, .unmatched(reason: "gone"))
        #expect(site.words == ["two: deletion"])
        let hub = hub([EngineSite.one: .waiting, EngineSite.two: .waiting, Self.unknown: .successful])
        let watch = StatusWatch(engine: site.engine)
        try watch.removeUnknown(try #require(try watch.read(hub)), hub)
        #expect(hub.content.calls == [.statuses, .delete(Self.unknown)])
    }

    @Test func `what could not be removed is looked at again`() throws {
        let site = try site()
        let watch = StatusWatch(engine: site.engine)
        var content = SimExchange.Content()
        content.statuses = [Self.unknown: .successful]
        let busy = SimExchange(content) { if case .delete = $0 { SimExchange.status(429) } else { nil } }
        let statuses = try #require(try watch.read(busy))
        #expect(throws: TransferFailure.self) { try watch.removeUnknown(statuses, busy) }
        #expect(try watch.read(hub([Self.unknown: .successful])) != nil)
    }
}
