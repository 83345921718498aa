import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// One commit per step: nothing is done before its intention is durable, nothing is owed that is not committed.
@Suite struct EngineTests {
    @Test func `every step is one commit, with all that it owes`() throws {
        let site = try EngineSite()
        let handover = try site.handOver()
        #expect(site.store.commits == 6)
        #expect(site.engine.snapshot.counters.moved == 6)
        #expect(site.words == ["one: waiting", "one: downloadStarted", "one: downloaded", "one: initiated"])
        #expect(site.engine.snapshot.outbox.map(\.number) == [1, 2, 3, 4])
        #expect(site.database.image.memory.keys[.lastOutboxNumber] == "4")
        #expect(handover.oldRelease == 1)
        #expect(handover.newRelease == 2)
        #expect(site.database.image.memory.keys[.lastRelease] == "2")
        guard case .handOver(handover)? = site.effects.all.last else {
            Issue.record("found \(site.effects.all)")
            return
        }
        #expect(site.database.image.memory.events.map(\.code).filter { $0 == "node_management_status_changed" }.count == 4)
        let operations = site.database.image.memory.operations
        #expect(operations.map(\.activity) == [.match, .start, .plan, .download, .verify, .unpack, .turn, .install])
        #expect(operations.map(\.stage) == Array(repeating: .completed, count: 7) + [.queued])
        #expect(operations.map(\.number).sorted() == operations.map(\.number))
    }

    @Test func `what the engine knows is what the store holds, after every step`() throws {
        let site = try EngineSite()
        let handover = try site.handOver()
        let events: [JobEvent] = [
            .recorded(handover.ticket, number: 3, .switchIntended), .recorded(handover.ticket, number: 4, .switched),
            .recorded(handover.ticket, number: 7, .committed(at: site.clock.now())),
        ]
        for event in events {
            try site.engine.handle(EngineSite.one, event)
            let memory = site.database.image.memory
            #expect(site.engine.snapshot.jobs == memory.jobs)
            #expect(site.engine.snapshot.outbox == memory.outbox.values.sorted { $0.number < $1.number })
            #expect(site.engine.snapshot.keys == memory.keys)
        }
        #expect(site.words.suffix(2) == ["one: successful", "versions 1.0.0"])
        #expect(site.engine.snapshot.keys[.softwareFloor] == "1.0.0")
    }

    @Test func `a commit that fails changes nothing and performs nothing`() throws {
        let site = try EngineSite()
        try site.match()
        let (before, effects) = (site.engine.snapshot, site.effects.all)
        site.store.fail(commit: 2, .before(EngineSite.broken))
        #expect(throws: StoreError.self) { try site.engine.handle(EngineSite.one, .chosen) }
        #expect(site.engine.snapshot.jobs == before.jobs)
        #expect(site.engine.snapshot.counters.moved == before.counters.moved)
        #expect(site.effects.all == effects)
        try site.engine.handle(EngineSite.one, .chosen)
        #expect(site.effects.all.count == effects.count + 1)
    }

    @Test func `a commit that took effect without an answer performs nothing before a restart`() throws {
        let site = try EngineSite()
        try site.match()
        site.store.fail(commit: 2, .after(EngineSite.broken))
        #expect(throws: StoreError.self) { try site.engine.handle(EngineSite.one, .chosen) }
        #expect(site.effects.all == [])
        let again = try EngineSite(site.database)
        try again.engine.handle(EngineSite.one, .restarted)
        guard case .plan(let run, EngineSite.terms)? = again.effects.all.first else {
            Issue.record("found \(again.effects.all)")
            return
        }
        #expect(run == (try again.run()))
    }

    /// Without a restart too: the next event finds what the store made of it, and the job goes on from there.
    @Test func `a commit that took effect without an answer is found by the next event`() throws {
        let site = try EngineSite()
        try site.match()
        try site.engine.handle(EngineSite.one, .chosen)
        let first = try site.run()
        site.store.fail(commit: 3, .after(EngineSite.broken))
        #expect(throws: StoreError.self) { try site.engine.handle(EngineSite.one, .planned(first, EngineSite.plan)) }
        // The way back to it is blocked once more, before and after.
        site.store.fail(commit: 4, .before(EngineSite.broken))
        site.store.fail(commit: 5, .after(EngineSite.broken))
        for _ in 0..<2 {
            #expect(throws: StoreError.self) { try site.engine.handle(EngineSite.one, .planned(first, EngineSite.plan)) }
        }
        try site.engine.handle(EngineSite.one, .planned(first, EngineSite.plan))
        #expect(site.engine.snapshot.jobs == site.database.image.memory.jobs)
        guard case .fetch(let run, EngineSite.plan)? = site.effects.all.last else {
            Issue.record("found \(site.effects.all)")
            return
        }
        #expect(run == (try site.run()))
        #expect(site.words == ["one: waiting", "one: downloadStarted"])
        try site.engine.handle(EngineSite.one, .fetched(run))
        #expect(site.words.last == "one: downloaded")
    }

    @Test func `a full disk gives up the reserve once`() throws {
        let site = try EngineSite(reserves: 1)
        site.store.fail(commit: 1, .before(EngineSite.full))
        try site.match()
        #expect(site.reserve.value == 0)
        #expect(site.words == ["one: waiting"])
        site.store.fail(commit: 3, .before(EngineSite.full))
        #expect(throws: StoreError.self) { try site.engine.handle(EngineSite.one, .chosen) }
        #expect(site.words == ["one: waiting"])
    }

    @Test func `a vanished policy voids what was owed about it, and nothing else`() throws {
        let site = try EngineSite()
        try site.match(EngineSite.one)
        try site.match(EngineSite.two)
        try site.engine.handle(EngineSite.one, .chosen)
        try site.engine.handle(EngineSite.one, .unmatched(reason: "the policy was deleted"))
        #expect(site.words == ["two: waiting", "one: deletion"])
        #expect(site.engine.snapshot.outbox.map(\.number) == [2, 4])
        try site.match(EngineSite.one)
        #expect(site.words == ["two: waiting", "one: deletion", "one: waiting"])
    }

    @Test func `outbox numbers are never reused, also over restarts`() throws {
        let site = try EngineSite()
        try site.match()
        try site.engine.record([.settle(number: 1)])
        let again = try EngineSite(site.database)
        try again.engine.handle(EngineSite.one, .chosen)
        #expect(again.engine.snapshot.outbox.map(\.number) == [2])
    }

    @Test func `release numbers are above everything on disk and everything ever drawn`() throws {
        #expect(try EngineSite(highest: 7).handOver().newRelease == 8)
        let site = try EngineSite(highest: 7)
        try site.engine.record([.set(.lastRelease, "20")])
        #expect(try site.handOver().newRelease == 21)
    }

    @Test func `a restart says every effect again`() throws {
        let site = try EngineSite()
        let handover = try site.handOver()
        for _ in 0..<3 {
            let again = try EngineSite(site.database)
            try again.engine.handle(EngineSite.one, .restarted)
            #expect(again.effects.all == [.handOver(handover)])
        }
        try site.engine.handle(EngineSite.one, .reset)
        let cancelling = try EngineSite(site.database)
        try cancelling.engine.handle(EngineSite.one, .restarted)
        #expect(cancelling.effects.all == [.requestCancel(handover.ticket), .handOver(handover)])
    }

    @Test func `records of a journal count once, in any number of readings`() throws {
        let site = try EngineSite()
        let handover = try site.handOver()
        let records: [(Int, InstallerRecord)] = [
            (3, .switchIntended), (4, .switched), (6, .rollbackIntended(cause: "sick", at: site.clock.now())),
            (7, .rolledBack(at: site.clock.now())),
        ]
        for last in 1...records.count {
            for (number, record) in records.prefix(last) {
                try site.engine.handle(EngineSite.one, .recorded(handover.ticket, number: number, record))
            }
        }
        #expect(site.words.suffix(3) == ["one: failed", "one: rollbackStarted", "one: rollbackSuccessful"])
        #expect(site.engine.snapshot.counters.rejected == 0)
        #expect(site.engine.snapshot.counters.stale > 0)
        #expect(site.effects.all.last == .removeFolder(handover.ticket))
    }

    @Test func `nothing can be changed beyond the switch`() throws {
        let site = try EngineSite()
        let handover = try site.handOver()
        try site.engine.handle(EngineSite.one, .recorded(handover.ticket, number: 3, .switchIntended))
        let before = site.store.commits
        #expect(throws: Refusal.self) { try site.engine.reset([EngineSite.one]) }
        #expect(throws: Refusal.self) { try site.engine.reset([EngineSite.two]) }
        #expect(site.store.commits == before)
        try site.engine.handle(EngineSite.one, .recorded(handover.ticket, number: 7, .committed(at: site.clock.now())))
        #expect(try site.engine.reset([EngineSite.one]) == [EngineSite.one])
        site.engine.restrict(true)
        #expect(throws: Refusal.self) { try site.engine.reset([EngineSite.one]) }
    }

    @Test func `a damaged row is quarantined until somebody resets it`() throws {
        let site = try EngineSite()
        try site.match()
        try site.engine.handle(EngineSite.one, .chosen)
        try site.store.damage(job: EngineSite.one)
        let again = try EngineSite(site.database)
        guard case .quarantined? = again.job() else {
            Issue.record("found \(String(describing: again.job()))")
            return
        }
        #expect(again.job()?.status == .unknown)
        try again.engine.handle(EngineSite.one, .restarted)
        try again.match()
        #expect(again.effects.all == [])
        #expect(again.job()?.status == .unknown)
        _ = try again.engine.reset([EngineSite.one])
        guard case .waiting? = again.job() else {
            Issue.record("found \(String(describing: again.job()))")
            return
        }
    }

    @Test func `after the database was lost nothing starts before a reset`() throws {
        let site = try EngineSite()
        try site.engine.record([.set(.databaseLost, "database lost: damaged")])
        try site.match(EngineSite.one)
        try site.match(EngineSite.two)
        #expect(site.words == ["one: unknown", "two: unknown"])
        #expect(try site.engine.handle(EngineSite.one, .chosen) != .unchanged)
        #expect(site.effects.all == [])
        _ = try site.engine.reset([EngineSite.one])
        #expect(site.engine.snapshot.keys[.databaseLost] != nil)
        _ = try site.engine.reset([EngineSite.two])
        #expect(site.engine.snapshot.keys[.databaseLost] == nil)
        try site.engine.handle(EngineSite.one, .chosen)
        guard case .plan? = site.effects.all.last else {
            Issue.record("found \(site.effects.all)")
            return
        }
    }

    @Test func `the version floor only rises`() throws {
        for (floor, expected) in [("0.9.0", "1.0.0"), ("1.0.0", "1.0.0"), ("2.0.0", "2.0.0")] {
            let site = try EngineSite()
            try site.engine.record([.set(.softwareFloor, floor)])
            let handover = try site.handOver()
            try site.engine.handle(EngineSite.one, .recorded(handover.ticket, number: 3, .switchIntended))
            try site.engine.handle(EngineSite.one, .recorded(handover.ticket, number: 7, .committed(at: site.clock.now())))
            #expect(site.engine.snapshot.keys[.softwareFloor] == expected)
        }
    }

    @Test func `what cannot be is counted and remembered, and changes nothing`() throws {
        let site = try EngineSite()
        let handover = try site.handOver()
        try site.engine.handle(EngineSite.one, .recorded(handover.ticket, number: 9, .rolledBack(at: site.clock.now())))
        #expect(site.engine.snapshot.counters.rejected == 1)
        #expect(site.engine.snapshot.counters.lastRejection?.contains("acme/one") == true)
        #expect(site.job()?.status == .initiated)
    }
}
