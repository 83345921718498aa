import Dispatch
import ExchangeModel
import ExchangeServer
import Foundation
import SQLite
import Synchronization
import Testing
import UpgradeWire

/// Writes of many callers in one transaction of SQLite, and reads beside it.
@Suite struct GroupCommitTests {
    /// A store on a file, one write that holds the writer, and others that queue up behind it.
    private struct Held: Sendable {
        let store: SQLiteHubStore
        let path: String
        private let mayEnd = DispatchSemaphore(value: 0)

        init(_ store: SQLiteHubStore, _ path: String) {
            self.store = store
            self.path = path
        }

        /// Runs the writes so that they are one batch, behind one of its own; gives how each ended, in their order.
        func batch(
            _ writes: [@Sendable (any HubWriting) throws -> Void], meanwhile: () async throws -> Void = {}
        ) async throws -> [Result<Void, any Error>] {
            let isHeld = Flag()
            async let first: Void = store.write { [mayEnd] tables in
                try tables.addOrg("first")
                isHeld.raise()
                mayEnd.wait()
            }
            try await waitUntil { isHeld.isRaised }
            let results = try await withThrowingTaskGroup(of: (Int, Result<Void, any Error>).self) { group in
                for (index, write) in writes.enumerated() {
                    group.addTask {
                        do { return (index, .success(try await store.write(write))) } catch { return (index, .failure(error)) }
                    }
                    try await waitUntil { store.figures.waiting == index + 1 }
                }
                try await meanwhile()
                mayEnd.signal()
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            try await first
            return writes.indices.compactMap { results[$0] }
        }
    }

    private func run(_ body: (Held) async throws -> Void) async throws {
        let scratch = try StoreScratch()
        try await closing(try SQLiteHubStore(path: scratch.database)) { try await body(Held($0, scratch.database)) }
    }

    /// Orgs with these names do what no org of ours does: the statement is run when one is made.
    private func arm(_ path: String, _ org: String, _ statement: String) throws {
        let database = try Database.open(path: path)
        try database.executeScript(
            """
            CREATE TABLE debts (org TEXT REFERENCES orgs (name) DEFERRABLE INITIALLY DEFERRED);
            CREATE TRIGGER trap AFTER INSERT ON orgs WHEN new.name = '\(org)' BEGIN \(statement); END;
            """)
    }

    @Test func whatQueuesUpIsOneTransactionAndARefusalIsItsOwnAlone() async throws {
        try await run { held in
            let results = try await held.batch(
                (0..<9).map { number in
                    { tables in
                        // Each sees those before it that were not refused.
                        #expect(try tables.orgs().count == 1 + number - number / 3)
                        try tables.addOrg("\(number)")
                        if number % 3 == 2 { throw Refused() }
                    }
                })
            #expect(results.map { (try? $0.get()) == nil } == (0..<9).map { $0 % 3 == 2 })
            #expect(try await held.store.read { try $0.orgs().keys.sorted() } == ["0", "1", "3", "4", "6", "7", "first"])
            #expect(held.store.figures.commits == 2)
            #expect(held.store.figures.writes == 10)
        }
    }

    @Test func readsGoOnBesideAWriteAndDoNotSeeIt() async throws {
        try await run { held in
            let results = try await held.batch([{ try $0.addOrg("second") }]) {
                for _ in 0..<8 {
                    let orgs = try await held.store.read { try $0.orgs() }
                    #expect(orgs.isEmpty)
                }
            }
            #expect(results.count == 1)
            #expect(try await held.store.read { try $0.orgs().count } == 2)
        }
    }

    @Test func everyCallerOfABatchHearsThatTheCommitFailed() async throws {
        try await run { held in
            // The debt is noticed by the commit, not by the write that made it.
            try arm(held.path, "bad", "INSERT INTO debts VALUES ('nobody')")
            let results = try await held.batch([
                { try $0.addOrg("before") }, { try $0.addOrg("bad") }, { try $0.addOrg("after") }, { _ in throw Refused() },
            ])
            for result in results {
                #expect { try result.get() } throws: { ($0 as? SQLiteError)?.constraint == .foreignKey }
            }
            #expect(try await held.store.read { try $0.orgs().keys.sorted() } == ["first"])
            #expect(held.store.figures.isFailing)
            #expect((held.store.figures.writes, held.store.figures.commits) == (1, 1), "what was lost was not done")
            _ = try await held.store.write { try $0.orgs() }
            #expect(held.store.figures.isFailing, "what changes nothing proves nothing")
            try await held.store.write { try $0.addOrg("later") }
            #expect(!held.store.figures.isFailing)
            #expect(try await held.store.read { try $0.orgs().count } == 2)
        }
    }

    @Test func everyCallerOfABatchHearsThatTheTransactionWasLost() async throws {
        try await run { held in
            // As after a full disk, SQLite takes back the whole transaction by itself.
            try arm(held.path, "bad", "SELECT RAISE(ROLLBACK, 'the disk is full')")
            let results = try await held.batch([{ try $0.addOrg("before") }, { try $0.addOrg("bad") }, { try $0.addOrg("after") }])
            for result in results { #expect(throws: SQLiteError.self) { try result.get() } }
            #expect(try await held.store.read { try $0.orgs().keys.sorted() } == ["first"])
            try await held.store.write { try $0.addOrg("later") }
            #expect(try await held.store.read { try $0.orgs().count } == 2)
        }
    }

    @Test func whatWasAnsweredIsThereWhenTheFileIsOpenedAnew() async throws {
        let scratch = try StoreScratch()
        let before = try await closing(try SQLiteHubStore(path: scratch.database)) { store in
            try await store.write { try $0.addEverything() }
            return try await store.read { try $0.dump() }
        }
        try await closing(try SQLiteHubStore(path: scratch.database)) { store in
            let after = try await store.read { try $0.dump() }
            #expect(differences(before, after) == [])
            try await store.write { try $0.appendChange(.org("o", .modified), at: HubSamples.time) }
            #expect(try await store.read { try $0.newestChange() } == 3)
        }
    }

    @Test func theLogDoesNotGrowWithoutEndWhileReadersOverlap() async throws {
        let scratch = try StoreScratch()
        try await closing(try SQLiteHubStore(path: scratch.database)) { store in
            let isOver = Flag()
            try await store.write { try $0.addOrg("o") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        while !isOver.isRaised { _ = try await store.read { try $0.orgs() } }
                    }
                }
                let text = String(repeating: "x", count: 100_000)
                for _ in 0..<600 { try await store.write { try $0.putOrg("o", OrgDocument(description: text)) } }
                isOver.raise()
                try await group.waitForAll()
            }
            // 60 MB were written.
            #expect(try fileSize(scratch.database + "-wal") < 16 << 20)
        }
    }

    private func fileSize(_ path: String) throws -> Int {
        try unwrap(FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber).intValue
    }
}

/// Something that has happened.
private final class Flag: Sendable {
    private let value = Atomic(false)

    var isRaised: Bool { value.load(ordering: .sequentiallyConsistent) }

    func raise() { value.store(true, ordering: .sequentiallyConsistent) }
}
