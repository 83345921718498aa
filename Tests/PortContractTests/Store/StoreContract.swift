import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// What every store promises. Each test runs on SQLite and on the simulated store, and reads through a fresh store as after a restart.
@Suite("Store contract")
struct StoreContract {
    @Test("Every job state comes back as it was", arguments: StoreKind.allCases)
    func jobsRoundTrip(kind: StoreKind) throws {
        let (subject, store) = try StoreSubject.fresh(kind)
        let states = StoreSamples.states
        let policies = states.indices.map { PolicyID(org: "org", name: "policy \($0)") }
        try store.commit(zip(policies, states).map { .putJob($0, $1) } + [.putJob(StoreSamples.odd, states[0])])
        let node = try subject.afterRestart().load()
        #expect(node.jobs.count == states.count + 1)
        for (policy, state) in zip(policies, states) { #expect(node.jobs[policy] == state) }
        #expect(node.jobs[StoreSamples.odd] == states[0])
        #expect(node.damaged.isEmpty)
    }

    @Test("The last job of a policy counts, and a removed one is gone", arguments: StoreKind.allCases)
    func jobsChange(kind: StoreKind) throws {
        let (subject, store) = try StoreSubject.fresh(kind)
        let (first, second) = (StoreSamples.states[0], StoreSamples.states[1])
        try store.commit([.putJob(StoreSamples.policy, first), .putJob(StoreSamples.odd, first)])
        try store.commit([.putJob(StoreSamples.policy, second), .removeJob(StoreSamples.odd)])
        try store.commit([.removeJob(PolicyID(org: "no", name: "body"))])
        #expect(try subject.afterRestart().load().jobs == [StoreSamples.policy: second])
    }

    @Test("A damaged job is quarantined, named once, and can be written anew", arguments: StoreKind.allCases)
    func damagedJob(kind: StoreKind) throws {
        let (subject, store) = try StoreSubject.fresh(kind)
        try store.commit([.putJob(StoreSamples.policy, StoreSamples.states[0]), .putJob(StoreSamples.odd, StoreSamples.states[1])])
        try subject.damage(job: StoreSamples.policy)
        let node = try subject.afterRestart().load()
        #expect(node.damaged == [StoreSamples.policy])
        guard case .quarantined(let reason, nil) = node.jobs[StoreSamples.policy], !reason.isEmpty else {
            Issue.record("not quarantined: \(String(describing: node.jobs[StoreSamples.policy]))")
            return
        }
        #expect(node.jobs[StoreSamples.odd] == StoreSamples.states[1])
        let again = try subject.afterRestart().load()
        #expect(again.damaged.isEmpty && again.jobs == node.jobs)
        try subject.damage(job: StoreSamples.policy)
        try subject.afterRestart().commit([.putJob(StoreSamples.policy, StoreSamples.states[2])])
        let healed = try subject.afterRestart().load()
        #expect(healed.damaged.isEmpty && healed.jobs[StoreSamples.policy] == StoreSamples.states[2])
    }

    @Test("An empty store is empty, and an empty commit does nothing", arguments: StoreKind.allCases)
    func empty(kind: StoreKind) throws {
        let (subject, store) = try StoreSubject.fresh(kind)
        try store.commit([])
        let node = try subject.afterRestart().load()
        #expect(node.jobs.isEmpty && node.damaged.isEmpty && node.outbox.isEmpty && node.undeliverable.isEmpty && node.keys.isEmpty)
        #expect(try store.events(max: 10).isEmpty && store.operations(OperationQuery(max: 10)).isEmpty)
    }

    @Test("Owed rows come in order of number, whatever the order of writing", arguments: StoreKind.allCases)
    func outboxOrder(kind: StoreKind) throws {
        let (subject, store) = try StoreSubject.fresh(kind)
        let rows = StoreSamples.contents.enumerated().map { StoreSamples.row($0 * 7 + 1, $1, policy: StoreSamples.odd) }
        try store.commit(rows.reversed().map { .owe($0) })
        #expect(try subject.afterRestart().load().outbox == rows)
    }

    @Test("A settled row is gone; settling nothing is no error", arguments: StoreKind.allCases)
    func settle(kind: StoreKind) throws {
        let (subject, store) = try StoreSubject.fresh(kind)
        try store.commit([.owe(StoreSamples.row(1)), .owe(StoreSamples.row(2)), .owe(StoreSamples.row(3))])
        try store.commit([.settle(number: 2), .settle(number: 99)])
        #expect(try subject.afterRestart().load().outbox.map(\.number) == [1, 3])
    }

    @Test("A refused row moves out of the outbox", arguments: StoreKind.allCases)
    func undeliverable(kind: StoreKind) throws {
        let (subject, store) = try StoreSubject.fresh(kind)
        try store.commit([.owe(StoreSamples.row(1)), .owe(StoreSamples.row(2)), .owe(StoreSamples.row(3))])
        try store.commit([.undeliverable(StoreSamples.refused(3)), .undeliverable(StoreSamples.refused(2)), .settle(number: 2)])
        let node = try subject.afterRestart().load()
        #expect(node.outbox == [StoreSamples.row(1)])
        #expect(node.undeliverable == [StoreSamples.refused(2), StoreSamples.refused(3)])
    }

    @Test("Of the refused rows the newest 100 stay", arguments: StoreKind.allCases)
    func undeliverableBound(kind: StoreKind) throws {
        let (subject, store) = try StoreSubject.fresh(kind)
        try store.commit((1...100).map { .undeliverable(StoreSamples.refused($0 * 2)) })
        #expect(try store.load().undeliverable.map(\.row.number) == (1...100).map { $0 * 2 })
        try store.commit((101...103).map { .undeliverable(StoreSamples.refused($0 * 2)) })
        #expect(try subject.afterRestart().load().undeliverable.map(\.row.number) == (4...103).map { $0 * 2 })
    }

    @Test("Forgetting takes jobs, outbox and operation records, and nothing else", arguments: StoreKind.allCases)
    func forgetAll(kind: StoreKind) throws {
        let (subject, store) = try StoreSubject.fresh(kind)
        let other = PolicyID(org: "org", name: "other")
        try store.commit([
            .putJob(StoreSamples.policy, StoreSamples.states[0]), .owe(StoreSamples.row(1)), .undeliverable(StoreSamples.refused(2)),
            .set(.softwareFloor, "1.0.0"), .log(StoreSamples.event(1)), .operation(StoreSamples.operation(1)),
        ])
        try store.commit([.forgetAll, .putJob(other, StoreSamples.states[1]), .owe(StoreSamples.row(3))])
        let fresh = try subject.afterRestart()
        let node = try fresh.load()
        #expect(node.jobs == [other: StoreSamples.states[1]])
        #expect(node.outbox == [StoreSamples.row(3)])
        #expect(node.undeliverable == [StoreSamples.refused(2)])
        #expect(node.keys == [.softwareFloor: "1.0.0"])
        #expect(try fresh.events(max: 9) == [StoreSamples.event(1)])
        #expect(try fresh.operations(OperationQuery(max: 9)).isEmpty)
    }

    @Test("What probes found is kept for each policy, replaced, and goes with its job", arguments: StoreKind.allCases)
    func health(kind: StoreKind) throws {
        let (subject, store) = try StoreSubject.fresh(kind)
        let (policy, odd) = (StoreSamples.policy, StoreSamples.odd)
        try store.commit([.keepHealth(policy, StoreSamples.health(1)), .keepHealth(odd, StoreSamples.health(2))])
        try store.commit([.keepHealth(policy, StoreSamples.health(3))])
        #expect(try subject.afterRestart().load().health == [policy: StoreSamples.health(3), odd: StoreSamples.health(2)])
        try store.commit([.keepHealth(odd, nil), .keepHealth(odd, nil), .putJob(policy, StoreSamples.states[0])])
        #expect(try subject.afterRestart().load().health == [policy: StoreSamples.health(3)])
        try store.commit([.removeJob(policy)])
        #expect(try subject.afterRestart().load().health.isEmpty)
        try store.commit([.keepHealth(policy, StoreSamples.health(1)), .forgetAll])
        #expect(try subject.afterRestart().load().health.isEmpty)
    }

    @Test("Every key is set, replaced and removed", arguments: StoreKind.allCases)
    func keys(kind: StoreKind) throws {
        let (subject, store) = try StoreSubject.fresh(kind)
        try store.commit(StoreKey.allCases.map { .set($0, "first") })
        try store.commit(
            StoreKey.allCases.map { .set($0, "value of \($0.rawValue), with 'quotes' and \u{0} nul") } + [.set(.softwareFloor, "")])
        try store.commit([.set(.databaseLost, nil), .set(.databaseLost, nil)])
        let keys = try subject.afterRestart().load().keys
        #expect(keys.count == StoreKey.allCases.count - 1)
        #expect(keys[.databaseLost] == nil)
        #expect(keys[.softwareFloor]?.isEmpty == true)
        #expect(keys[.nextChange] == "value of nextChange, with 'quotes' and \u{0} nul")
    }

    @Test("A change that fails takes everything with it", arguments: StoreKind.allCases, [0, 1, 7])
    func atomicity(kind: StoreKind, place: Int) throws {
        let (subject, store) = try StoreSubject.fresh(kind)
        try store.commit([
            .putJob(StoreSamples.policy, StoreSamples.states[0]), .owe(StoreSamples.row(1)), .set(.softwareFloor, "org/node"),
        ])
        var changes: [StoreChange] = [
            .forgetAll, .putJob(StoreSamples.odd, StoreSamples.states[3]), .owe(StoreSamples.row(1)), .set(.softwareFloor, nil),
            .undeliverable(StoreSamples.refused(8)), .log(StoreSamples.event(1)), .operation(StoreSamples.operation(1)),
            .keepHealth(StoreSamples.policy, StoreSamples.health(1)),
        ]
        // After `forgetAll` number 1 is free again, so the same number twice fails wherever it stands.
        changes.insert(.owe(StoreSamples.row(1)), at: place)
        #expect(throws: StoreError.self) { try store.commit(changes) }
        for store in [store, try subject.afterRestart()] {
            let node = try store.load()
            #expect(node.jobs == [StoreSamples.policy: StoreSamples.states[0]])
            #expect(node.outbox == [StoreSamples.row(1)])
            #expect(node.undeliverable.isEmpty)
            #expect(node.keys == [.softwareFloor: "org/node"])
            #expect(node.health.isEmpty)
            #expect(try store.events(max: 9).isEmpty && store.operations(OperationQuery(max: 9)).isEmpty)
        }
        try store.commit([.owe(StoreSamples.row(2))])
        #expect(try store.load().outbox.map(\.number) == [1, 2])
    }

    @Test("Logs are read newest first, as many as asked for", arguments: StoreKind.allCases)
    func logs(kind: StoreKind) throws {
        let (subject, store) = try StoreSubject.fresh(kind)
        let events = [StoreSamples.event(1), StoreSamples.event(2, policy: StoreSamples.odd), StoreSamples.event(3)]
        try store.commit(events.map { .log($0) })
        let fresh = try subject.afterRestart()
        #expect(try fresh.events(max: 100) == events.reversed())
        #expect(try fresh.events(max: 2) == [events[2], events[1]])
        #expect(try fresh.events(max: 0).isEmpty && fresh.events(max: -1).isEmpty)
    }

    @Test("Of the event log the newest 10,000 rows stay", arguments: StoreKind.allCases)
    func logBounds(kind: StoreKind) throws {
        let (subject, store) = try StoreSubject.fresh(kind)
        try store.commit((1...10_000).map { .log(StoreSamples.event($0)) })
        try store.commit((10_001...10_004).map { .log(StoreSamples.event($0)) })
        let fresh = try subject.afterRestart()
        let events = try fresh.events(max: 20_000)
        #expect(events.count == 10_000)
        #expect(events.first == StoreSamples.event(10_004) && events.last == StoreSamples.event(5))
    }

    @Test("Commits of several threads do not mix", arguments: StoreKind.allCases)
    func threads(kind: StoreKind) async throws {
        let (subject, store) = try StoreSubject.fresh(kind)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    for round in 0..<25 {
                        let number = writer * 1_000 + round * 2
                        try store.commit([.owe(StoreSamples.row(number)), .owe(StoreSamples.row(number + 1))])
                        #expect(try store.load().outbox.count.isMultiple(of: 2))
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try subject.afterRestart().load().outbox.count == 200)
    }
}
