import Testing
import UpgradeModel
import UpgradePorts

/// What every store promises of operation records.
@Suite("Operation records")
struct OperationContract {
    private let now = StoreSamples.later

    private func numbers(_ store: any Store, _ change: (inout OperationQuery) -> Void = { _ in }) throws -> [Int] {
        var query = OperationQuery(max: 100)
        change(&query)
        return try store.operations(query).map(\.number)
    }

    @Test("A record comes back as it was, the newest writing first", arguments: StoreKind.allCases)
    func roundTrip(kind: StoreKind) throws {
        let (subject, store) = try StoreSubject.fresh(kind)
        var full = StoreSamples.operation(2, .install, .running)
        (full.process, full.progress) = (4711, "half")
        let records = [StoreSamples.operation(1, policy: nil), full, StoreSamples.operation(7, .health, .exception)]
        try store.commit(records.map { .operation($0) })
        let fresh = try subject.afterRestart()
        #expect(try fresh.operations(OperationQuery(max: 100)) == records.reversed())
        #expect(try fresh.operations(OperationQuery(max: 2)).map(\.number) == [7, 2])
        #expect(try numbers(fresh) { $0.max = 0 }.isEmpty && numbers(fresh) { $0.max = -1 }.isEmpty)
    }

    @Test("A record takes the place of the one with its id", arguments: StoreKind.allCases)
    func replace(kind: StoreKind) throws {
        let (subject, store) = try StoreSubject.fresh(kind)
        try store.commit([
            .operation(StoreSamples.operation(1, id: "a", .plan, .running)), .operation(StoreSamples.operation(2, id: "b")),
        ])
        #expect(try store.load().openOperations.keys.sorted() == ["a"])
        try store.commit([.operation(StoreSamples.operation(3, id: "a", .plan, .completed))])
        let fresh = try subject.afterRestart()
        #expect(try fresh.operations(OperationQuery(max: 9)).map(\.id) == ["a", "b"])
        #expect(try fresh.load().openOperations.isEmpty)
    }

    @Test("Work that has not ended is there after a restart", arguments: StoreKind.allCases, [Operation.Stage.queued, .running])
    func open(kind: StoreKind, stage: Operation.Stage) throws {
        let (subject, store) = try StoreSubject.fresh(kind)
        let open = StoreSamples.operation(1, id: "a", .install, stage)
        try store.commit([.operation(open), .operation(StoreSamples.operation(2))])
        #expect(try subject.afterRestart().load().openOperations == ["a": open])
    }

    @Test("The highest number is known even when nothing else tells it", arguments: StoreKind.allCases)
    func lastNumber(kind: StoreKind) throws {
        let (subject, store) = try StoreSubject.fresh(kind)
        #expect(try store.load().keys[.lastOperation] == nil)
        try store.commit([.operation(StoreSamples.operation(7)), .set(.lastOperation, "3")])
        #expect(try subject.afterRestart().load().keys[.lastOperation] == "7")
        try store.commit([.set(.lastOperation, "9")])
        #expect(try subject.afterRestart().load().keys[.lastOperation] == "9")
        try store.commit([.set(.lastOperation, nil)])
        #expect(try subject.afterRestart().load().keys[.lastOperation] == "7")
    }

    @Test("A number that was given before fails, and nothing is changed", arguments: StoreKind.allCases)
    func numberTwice(kind: StoreKind) throws {
        let (_, store) = try StoreSubject.fresh(kind)
        try store.commit([.operation(StoreSamples.operation(5, id: "a"))])
        #expect(throws: StoreError.self) { try store.commit([.operation(StoreSamples.operation(5, id: "b"))]) }
        #expect(try store.operations(OperationQuery(max: 9)).map(\.id) == ["a"])
    }

    @Test("A query asks for what it says", arguments: StoreKind.allCases)
    func filters(kind: StoreKind) throws {
        let (_, store) = try StoreSubject.fresh(kind)
        let nano = UTCInstant(secondsSinceEpoch: now.secondsSinceEpoch, nanoseconds: now.nanoseconds + 1)
        try store.commit([
            .operation(StoreSamples.operation(1, id: "a'b", .plan, .running)), .operation(StoreSamples.operation(2, .plan, .exception)),
            .operation(StoreSamples.operation(3, .poll, policy: nil, at: nano)), .operation(StoreSamples.operation(4, .plan, .stopped)),
        ])
        #expect(try numbers(store) { $0.id = "a'b" } == [1])
        #expect(try numbers(store) { $0.activity = .plan } == [4, 2, 1])
        #expect(try numbers(store) { $0.stages = [.exception, .running] } == [2, 1])
        #expect(try numbers(store) { $0.stages = [] }.isEmpty)
        #expect(try numbers(store) { $0.policy = StoreSamples.odd } == [4, 2, 1])
        #expect(try numbers(store) { $0.since = nano } == [3])
        #expect(try numbers(store) { $0.until = nano } == [4, 2, 1])
        #expect(try numbers(store) { $0.order = .newestFirst(below: 3) } == [2, 1])
        #expect(try numbers(store) { ($0.order, $0.max) = (.oldestFirst(above: 1), 2) } == [2, 3])
    }

    @Test("A purge removes what expired, and never what has not ended", arguments: StoreKind.allCases)
    func purge(kind: StoreKind) throws {
        let (subject, store) = try StoreSubject.fresh(kind)
        try store.commit([
            .operation(StoreSamples.operation(1, lives: .seconds(1))), .operation(StoreSamples.operation(2, .plan, .running, lives: .zero)),
            .operation(StoreSamples.operation(3, .plan, .queued, lives: .zero)), .operation(StoreSamples.operation(4, lives: .seconds(2))),
        ])
        let moment = now.adding(.seconds(2))
        let before = moment.adding(.nanoseconds(-1))
        #expect(try store.purgeOperations(at: before, rowsMax: 100, batch: 9) == 1)
        #expect(try numbers(store) == [4, 3, 2])
        #expect(try store.purgeOperations(at: moment, rowsMax: 100, batch: 9) == 1)
        #expect(try store.purgeOperations(at: .distantFuture, rowsMax: 0, batch: 9) == 0)
        #expect(try numbers(subject.afterRestart()) == [3, 2])
    }

    @Test("A purge takes the first to expire first, and no more than was asked for", arguments: StoreKind.allCases)
    func batches(kind: StoreKind) throws {
        let (_, store) = try StoreSubject.fresh(kind)
        try store.commit((1...5).map { .operation(StoreSamples.operation($0, lives: .seconds(10 - $0))) })
        #expect(try store.purgeOperations(at: .distantFuture, rowsMax: 100, batch: 2) == 2)
        #expect(try numbers(store) == [3, 2, 1])
        #expect(try store.purgeOperations(at: .distantFuture, rowsMax: 100, batch: 0) == 0)
    }

    @Test("Beyond the newest writings ended records go", arguments: StoreKind.allCases)
    func cap(kind: StoreKind) throws {
        let (_, store) = try StoreSubject.fresh(kind)
        try store.commit(
            [.operation(StoreSamples.operation(1, .plan, .running))] + (2...9).map { .operation(StoreSamples.operation($0)) })
        #expect(try store.purgeOperations(at: now, rowsMax: 3, batch: 2) == 2)
        #expect(try store.purgeOperations(at: now, rowsMax: 3, batch: 9) == 3)
        #expect(try numbers(store) == [9, 8, 7, 1])
        #expect(try store.purgeOperations(at: now, rowsMax: 3, batch: 9) == 0)
    }
}
