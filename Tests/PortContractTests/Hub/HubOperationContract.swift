import ExchangeModel
import Testing
import UpgradeModel
import UpgradeWire

/// Records of operation status, of nodes and of the hub itself.
@Suite("Hub store contract: operation status")
struct HubOperationContract {
    private static let (n, m) = (HubNodePlace(org: "o", id: "n"), HubNodePlace(org: "o", id: "m"))

    private func ids(_ store: any HubStore, _ owner: HubOperationQuery.Owner = .everybody) async throws -> [String] {
        try await store.read { try $0.operations(HubOperationQuery(owner, max: 100)).map(\.document.id) }
    }

    @Test("A record stands for the one with its id of the same node, and is the newest then", arguments: HubStoreKind.allCases)
    func replaced(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { try $0.addEverything(in: ["o", "x"]) }
            try await store.write { tables in
                for node in [Self.n, Self.m, nil] { try tables.addOperation(node, "a", isOpen: true, 1) }
                try tables.addOperation(Self.n, "b", 2)
                try tables.addOperation(Self.n, "a", 3)
                try tables.addOperation(HubNodePlace(org: "x", id: "n"), "c", 3)
            }
            #expect(try await ids(store) == ["c", "a", "b", "a", "a"])
            #expect(try await ids(store, .node(Self.n)) == ["a", "b"])
            #expect(try await ids(store, .org("o")) == ["a", "b", "a"])
            #expect(try await ids(store, .hub) == ["a"])
            var query = HubOperationQuery(.org("o"), max: 1)
            query.type = "completed"
            let first = try await store.read { [query] in try $0.operations(query) }
            query.below = first.last?.number
            let second = try await store.read { [query] in try $0.operations(query) }
            #expect((first + second).map(\.document.id) == ["a", "b"])
            query.until = HubSamples.time
            let none = try await store.read { [query] in try $0.operations(query) }
            #expect(none.isEmpty)
        }
    }

    @Test("A purge removes exactly what expired and has ended; a node takes its records along", arguments: HubStoreKind.allCases)
    func purged(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { try $0.addEverything(in: ["o"]) }
            try await store.write { tables in
                for second in [1, 2, 3] {
                    try tables.addOperation(Self.n, "ended \(second)", second)
                    try tables.addOperation(Self.n, "open \(second)", isOpen: true, second)
                }
                try tables.addOperation(nil, "own", 2)
                try tables.addHealth("o", "n", received: "t")
            }
            let purge = { @Sendable (seconds: Int64, batch: Int) in
                try await store.write { try $0.purgeOperations(at: HubSamples.time.adding(.seconds(seconds)), batch: batch) }
            }
            #expect(try await purge(0, 10) == 0)
            #expect(try await purge(2, 2) == 2)
            #expect(try await purge(2, 2) == 1)
            #expect(try await purge(2, 2) == 0)
            #expect(try await ids(store) == ["open 3", "ended 3", "open 2", "open 1"])
            let told = try await store.read { try $0.nodeHealth("o", "n") }
            #expect(told?.health == HubSamples.health)
            _ = try await store.write { try $0.deleteNode("o", "n") }
            #expect(try await ids(store).isEmpty)
            let gone = try await store.read { try $0.nodeHealth("o", "n") }
            #expect(gone == nil)
        }
    }

    @Test("Of too many the oldest that ended go first", arguments: HubStoreKind.allCases)
    func trimmed(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { try $0.addEverything(in: ["o"]) }
            try await store.write { tables in
                for (id, isOpen) in [("a", true), ("b", false), ("c", true), ("d", false), ("e", false)] {
                    try tables.addOperation(Self.n, id, isOpen: isOpen, 1)
                }
                try tables.addOperation(Self.m, "other", 1)
            }
            for (most, left) in [(5, "edcba"), (4, "edca"), (3, "eca"), (2, "ca"), (1, "c"), (0, "")] {
                try await store.write { try $0.trimOperations(of: Self.n, activity: nil, to: most) }
                #expect(try await ids(store, .node(Self.n)).joined() == left)
            }
            #expect(try await ids(store) == ["other"])
            try await store.write { try $0.trimOperations(of: Self.m, activity: "plan", to: 0) }
            #expect(try await ids(store) == ["other"])
            try await store.write { try $0.forgetSelfReports("o", "m") }
            #expect(try await ids(store).isEmpty)
        }
    }
}
