import ExchangeModel
import Testing
import UpgradeModel

/// The change table: numbers in the order of the commits, never one below what somebody has read up to.
@Suite("Hub store contract: changes")
struct HubChangeContract {
    @Test("A refused write moves no watermark, and leaves no gap that could be filled later", arguments: HubStoreKind.allCases)
    func refusals(kind: HubStoreKind) async throws {
        try await kind.run { store in
            #expect(try await store.read { try $0.newestChange() } == 0)
            try await store.write { try $0.appendChange(.org("a", .created), at: HubSamples.time) }
            await #expect(throws: Refused.self) {
                try await store.write { tables in
                    for _ in 0..<3 { try tables.appendChange(.org("b", .created), at: HubSamples.time) }
                    throw Refused()
                }
            }
            let (newest, rows) = try await store.read { tables in
                (try tables.newestChange(), try tables.changes(from: .oldest, scope: .everything, limit: 10))
            }
            #expect(newest == 1)
            #expect(rows.map(\.id) == ["a"])
            #expect(rows.map(\.time) == [HubSamples.time])
        }
    }

    @Test("The watermark stays when rows are forgotten, and no number comes twice", arguments: HubStoreKind.allCases)
    func forgetting(kind: HubStoreKind) async throws {
        try await kind.run { store in
            for seconds in [Int64(0), 60, 7_200] {
                try await store.write { try $0.appendChange(.org("a", .modified), at: HubSamples.time.adding(.seconds(seconds))) }
            }
            func numbers() async throws -> [Int64] {
                try await store.read { try $0.changes(from: .oldest, scope: .everything, limit: 10) }.map(\.number)
            }
            // Kept for four hours, and then some, so that not every write has to remove rows.
            try await store.write { try $0.appendChange(.org("a", .modified), at: HubSamples.time.adding(.seconds(18_000))) }
            #expect(try await numbers() == [1, 2, 3, 4])
            try await store.write { try $0.appendChange(.org("a", .modified), at: HubSamples.time.adding(.seconds(18_001))) }
            #expect(try await numbers() == [3, 4, 5])
            try await store.write { tables in
                try tables.appendChange(.org("a", .modified), at: HubSamples.time.adding(.seconds(100_000)))
                try tables.appendChange(.org("a", .modified), at: HubSamples.time.adding(.seconds(200_000)))
            }
            #expect(try await numbers() == [7])
            #expect(try await store.read { try $0.newestChange() } == 7)
        }
    }

    @Test("A page begins where it is asked to, and holds as many as it may", arguments: HubStoreKind.allCases)
    func windows(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { tables in
                for seconds in 0..<6 { try tables.appendChange(.org("a", .modified), at: HubSamples.time.adding(.seconds(seconds))) }
            }
            func numbers(_ start: ChangeWindowRule.Start, _ limit: Int) async throws -> [Int64] {
                try await store.read { try $0.changes(from: start, scope: .everything, limit: limit) }.map(\.number)
            }
            #expect(try await numbers(.oldest, 2) == [1, 2])
            #expect(try await numbers(.number(4), 10) == [4, 5, 6])
            #expect(try await numbers(.number(4), 1) == [4])
            #expect(try await numbers(.number(.max), 10) == [])
            #expect(try await numbers(.number(1), 0) == [])
            #expect(try await numbers(.time(HubSamples.time.adding(.seconds(4))), 10) == [5, 6])
            #expect(try await numbers(.time(HubSamples.time.adding(.milliseconds(3_001))), 10) == [5, 6])
        }
    }

    @Test("Everybody sees the own org's rows and public ones; a node its own and the policies", arguments: HubStoreKind.allCases)
    func scopes(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { tables in
                for org in ["o", "x"] {
                    let changes: [ChangeRecord] = [
                        .org(org, .modified), .node(org, "n", .modified), .nodePolicy(org, "m", .modified),
                        .managementPolicy(org, "p", .created), .nodeGroup(org, "g", .created), .agbot(org, "n", .created),
                    ]
                    for change in changes { try tables.appendChange(change, at: HubSamples.time) }
                }
                try tables.appendChange(.agentFileVersion, at: HubSamples.time)
            }
            func numbers(_ scope: ChangeScope) async throws -> [Int64] {
                try await store.read { try $0.changes(from: .oldest, scope: scope, limit: 100) }.map(\.number)
            }
            #expect(try await numbers(.everything) == Array(1...13))
            #expect(try await numbers(.org("o")) == [1, 2, 3, 4, 5, 6, 13])
            #expect(try await numbers(.orgs(["x", "none"])) == [7, 8, 9, 10, 11, 12, 13])
            #expect(try await numbers(.orgs([])) == [13])
            #expect(try await numbers(.node(org: "o", id: "n")) == [1, 2, 4, 13])
            #expect(try await numbers(.node(org: "x", id: "m")) == [7, 9, 10, 13])
        }
    }

    @Test("Who reads up to the watermark misses nothing, while many write", arguments: HubStoreKind.allCases)
    func watermark(kind: HubStoreKind) async throws {
        try await kind.run { store in
            let writes = 16 * 30
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<16 {
                    group.addTask {
                        for turn in 0..<30 {
                            try await store.write { try $0.appendChange(.org("w\(writer) \(turn)", .modified), at: HubSamples.time) }
                        }
                    }
                }
                for _ in 0..<4 {
                    group.addTask {
                        var (reach, seen) = (Int64(0), [ChangeRow]())
                        while seen.count < writes {
                            let (rows, newest) = try await store.read { [reach] tables in
                                (try tables.changes(from: .number(reach + 1), scope: .everything, limit: 1_000), try tables.newestChange())
                            }
                            #expect(newest == rows.last?.number ?? reach, "the watermark is the last row that is seen")
                            guard newest >= reach else { throw Refused() }
                            (reach, seen) = (newest, seen + rows)
                        }
                        #expect(seen.map(\.number) == (1...Int64(writes)).map { $0 })
                        for writer in 0..<16 {
                            let own = seen.map(\.id).filter { $0.hasPrefix("w\(writer) ") }
                            #expect(own == (0..<30).map { "w\(writer) \($0)" })
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
