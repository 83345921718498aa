import ExchangeModel
import Testing
import UpgradeModel
import UpgradeWire

/// A write happens as a whole or not at all, and what was acknowledged is seen by whoever reads later.
@Suite("Hub store contract: transactions")
struct HubTransactionContract {
    @Test("A write that throws leaves nothing, and throws its own error", arguments: HubStoreKind.allCases)
    func refusal(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { try $0.addEverything() }
            let before = try await store.read { try $0.dump() }
            await #expect(throws: Refused.self) {
                try await store.write { tables in
                    try tables.addOrg("y")
                    _ = try tables.deleteOrg("o")
                    _ = try tables.deleteNode("x", "n")
                    try tables.appendChange(.org("y", .created), at: HubSamples.time)
                    throw Refused()
                }
            }
            let after = try await store.read { try $0.dump() }
            #expect(differences(before, after) == [])
        }
    }

    @Test("A row whose owner is missing is refused with all that was written beside it", arguments: HubStoreKind.allCases)
    func brokenReference(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { try $0.addEverything() }
            let before = try await store.read { try $0.dump() }
            let breaks: [@Sendable (any HubWriting) throws -> Void] = [
                { try $0.addUser("none", "u") }, { try $0.addNode("none", "n") }, { try $0.addAgbot("none", "b") },
                { try $0.addPolicy("none", "p") }, { try $0.addGroup("none", "g", []) }, { try $0.addGroup("o", "h", ["none"]) },
                { try $0.addGroup("o", "h", ["n"]) }, { try $0.putObject(HubSamples.object("none", "t", "i")) },
                { try $0.putNodePolicy("o", "none", NodePolicyDocument()) }, { try $0.putNodeStatus("o", "none", NodeStatusDocument()) },
                { try $0.putNodeErrors("o", "none", NodeErrorsDocument()) },
                { try $0.putManagementStatus("o", "n", policy: "none", HubSamples.status("waiting")) },
                { try $0.putManagementStatus("o", "none", policy: "p", HubSamples.status("waiting")) },
                { try $0.appendStatusHistory("o", "none", policy: "p", received: "t", body: .null, keep: 9) },
            ]
            for (index, work) in breaks.enumerated() {
                await #expect(throws: (any Error).self, "\(index)") {
                    try await store.write { tables in
                        try tables.addOrg("y")
                        try work(tables)
                    }
                }
            }
            let after = try await store.read { try $0.dump() }
            #expect(differences(before, after) == [])
        }
    }

    @Test("A write sees what it wrote itself, and those before it", arguments: HubStoreKind.allCases)
    func seesItself(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { try $0.addOrg("o") }
            let seen = try await store.write { tables in
                try tables.addUser("o", "u")
                return try (tables.org("o") != nil, tables.user("o", "u") != nil, tables.org("none") != nil)
            }
            #expect(seen == (true, true, false))
        }
    }

    @Test("Whoever was answered reads its own write", arguments: HubStoreKind.allCases)
    func readsItsOwnWrites(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { try $0.addOrg("o") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<16 {
                    group.addTask {
                        for turn in 0..<20 {
                            try await store.write { try $0.addUser("o", "u\(writer)", email: "\(turn)") }
                            let email = try await store.read { try $0.user("o", "u\(writer)")?.document.email }
                            #expect(email == "\(turn)")
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("Concurrent writes lose nothing, and a refused one takes nobody along", arguments: HubStoreKind.allCases)
    func concurrentWrites(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { try $0.addOrg("0") }
            let refused = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        do {
                            try await store.write { tables in
                                let count = Int(try tables.org("0")?.label ?? "") ?? 0
                                try tables.putOrg("0", OrgDocument(label: "\(count + 1)"))
                                if number.isMultiple(of: 3) { throw Refused() }
                            }
                            return false
                        } catch is Refused {
                            return true
                        }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(refused == 67)
            #expect(try await store.read { try $0.org("0")?.label } == "133")
            #expect(store.figures.writes == 201)
            #expect(store.figures.waiting == 0)
        }
    }

    @Test("A read sees one state, whatever is written meanwhile", arguments: HubStoreKind.allCases)
    func snapshots(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { tables in for org in ["a", "b"] { try tables.putOrg(org, OrgDocument(label: "0")) } }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for number in 1...200 {
                        try await store.write { tables in
                            for org in ["a", "b"] { try tables.putOrg(org, OrgDocument(label: "\(number)")) }
                        }
                    }
                }
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<100 {
                            let (a, b) = try await store.read { (try $0.org("a")?.label, try $0.org("b")?.label) }
                            #expect(a == b)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("A closed store fails every call", arguments: HubStoreKind.allCases)
    func closed(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { try $0.addOrg("o") }
            await store.close()
            await #expect(throws: (any Error).self) { try await store.read { _ in } }
            await #expect(throws: (any Error).self) { try await store.write { _ in } }
        }
    }
}
