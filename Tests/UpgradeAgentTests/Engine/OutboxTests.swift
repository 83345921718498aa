import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// At least once, in order per policy; what retrying cannot change is set aside and shown.
@Suite struct OutboxTests {
    private typealias Refuse = @Sendable (SimExchange.Call) -> TransferFailure?

    private func policy(_ id: PolicyID) -> NodeManagementPolicy {
        NodeManagementPolicy(
            id: id, label: "", description: "", properties: [], constraints: [], patterns: [], enabled: true, start: "now",
            startWindowSeconds: 0, manifest: "m", allowDowngrade: false, lastUpdated: nil)
    }

    private func site() throws -> EngineSite {
        let site = try EngineSite()
        for policy in [EngineSite.one, EngineSite.two] { try site.match(policy) }
        try site.engine.handle(EngineSite.one, .chosen)
        return site
    }

    private func hub(_ refuse: @escaping Refuse = { _ in nil }) -> SimExchange {
        var content = SimExchange.Content()
        content.policies = [policy(EngineSite.one), policy(EngineSite.two)]
        return SimExchange(content, refuse: refuse)
    }

    private func drain(_ hub: SimExchange, _ site: EngineSite) throws -> Outbox.Round {
        try Outbox(client: hub, engine: site.engine, clock: site.clock).drain()
    }

    private func puts(_ hub: SimExchange) -> [String] {
        hub.content.calls.compactMap { if case .put(let policy, let status) = $0 { "\(policy.name): \(status.rawValue)" } else { nil } }
    }

    @Test func `everything goes, in the order in which it was owed`() throws {
        let (site, hub) = (try site(), hub())
        let round = try drain(hub, site)
        #expect(round.sent == 3)
        #expect(puts(hub) == ["one: waiting", "two: waiting", "one: downloadStarted"])
        #expect(site.words == [])
        #expect(try drain(hub, site).sent == 0)
    }

    @Test func `a transient refusal keeps the order of its policy and holds up no other`() throws {
        for code in [401, 429, 502, 503] {
            let site = try site()
            let down = hub { if case .put(EngineSite.one, _) = $0 { SimExchange.status(code) } else { nil } }
            let round = try drain(down, site)
            #expect(round.trouble?.kind == .status(code))
            #expect(puts(down) == ["one: waiting", "two: waiting"])
            #expect(site.words == ["one: waiting", "one: downloadStarted"])
            let up = hub()
            _ = try drain(up, site)
            #expect(puts(up) == ["one: waiting", "one: downloadStarted"])
        }
    }

    @Test func `without a connection nothing else is tried`() throws {
        let site = try site()
        let away = hub { _ in SimExchange.away }
        #expect(try drain(away, site).trouble?.kind == .connect)
        #expect(away.content.calls.count == 1)
        #expect(site.words.count == 3)
    }

    @Test(arguments: [400, 404])
    func `what stays refused is set aside, and the next row goes`(code: Int) throws {
        let site = try site()
        let hub = hub { $0 == .put(EngineSite.one, .waiting) ? SimExchange.status(code) : nil }
        let round = try drain(hub, site)
        #expect(round.undeliverable == 1)
        #expect(round.sent == 2)
        #expect(round.trouble == nil)
        #expect(puts(hub) == ["one: waiting", "two: waiting", "one: downloadStarted"])
        let aside = try #require(site.database.image.memory.undeliverable.values.first)
        #expect(aside.code == code)
        #expect(aside.row.number == 1)
        #expect(aside.at == site.clock.now())
        #expect(site.engine.snapshot.undeliverable == [aside])
        #expect(site.database.image.memory.events.last?.code == "node_management_status_undeliverable")
    }

    @Test func `500 is final only when the policy is gone`() throws {
        let refuse: Refuse = { $0 == .put(EngineSite.one, .waiting) ? SimExchange.status(500) : nil }
        let (waiting, there) = (try site(), hub(refuse))
        #expect(try drain(there, waiting).undeliverable == 0)
        #expect(waiting.words == ["one: waiting", "one: downloadStarted"])
        let (gone, empty) = (try site(), SimExchange(refuse: refuse))
        #expect(try drain(empty, gone).undeliverable == 1)
        #expect(gone.words == [])
        let unsure = hub {
            switch $0 {
            case .put(EngineSite.one, .waiting): SimExchange.status(500)
            case .hasPolicy: SimExchange.away
            default: nil
            }
        }
        let third = try site()
        #expect(try drain(unsure, third).undeliverable == 0)
        #expect(third.words == ["one: waiting", "one: downloadStarted"])
    }

    @Test func `a commit that fails after sending sends again`() throws {
        let (site, hub) = (try site(), hub())
        site.store.fail(commit: site.store.commits + 1, .before(EngineSite.broken))
        #expect(throws: StoreError.self) { try drain(hub, site) }
        #expect(try drain(hub, site).sent == 3)
        #expect(puts(hub) == ["one: waiting", "one: waiting", "two: waiting", "one: downloadStarted"])
    }

    @Test func `on trial nothing is sent`() throws {
        let (site, hub) = (try site(), hub())
        site.engine.restrict(true)
        #expect(try drain(hub, site).sent == 0)
        #expect(hub.content.calls == [])
    }

    @Test func `rows that became void while sending are not sent`() throws {
        let site = try site()
        let void = Shared(false)
        let hub = hub { [engine = site.engine] call in
            if case .put(EngineSite.one, .waiting) = call, !void.value {
                void.change { $0 = true }
                _ = try? engine.handle(EngineSite.one, .unmatched(reason: "gone"))
            }
            return nil
        }
        _ = try drain(hub, site)
        #expect(puts(hub) == ["one: waiting", "two: waiting"])
        _ = try drain(hub, site)
        #expect(hub.content.calls.last == .delete(EngineSite.one))
        #expect(site.words == [])
    }

    @Test func `versions go in the order of the policy that caused them`() throws {
        let site = try EngineSite()
        let handover = try site.handOver()
        try site.engine.handle(EngineSite.one, .recorded(handover.ticket, number: 3, .switchIntended))
        try site.engine.handle(EngineSite.one, .recorded(handover.ticket, number: 7, .committed(at: site.clock.now())))
        let hub = hub()
        _ = try drain(hub, site)
        #expect(hub.content.calls.last == .patchVersions([.software: "1.0.0", .configuration: "1"]))
        #expect(hub.content.statuses[EngineSite.one] == .some(.successful))
    }
}
