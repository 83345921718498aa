import ExchangeServer
import Glibc
import NIOConcurrencyHelpers
import Testing
import UpgradeWire

/// Backup while the hub runs, and restore where none runs.
@Suite struct ServerBackupTests {
    static let auth = "root/root:\(TestHub.rootPassword)"

    static func put(_ hub: TestHub, _ id: String, _ text: String) async throws {
        let path = "/api/v1/objects/o/t/\(id)"
        try await hub.asRoot("PUT", path, ["meta": ["objectID": .string(id), "objectType": "t"]], status: 204)
        let answer = try await hub.client.send("PUT", path + "/data", auth: auth, body: Array(text.utf8))
        guard answer.status == 204 else { throw TestFailure("\(answer)") }
    }

    @Test func aRestoredHubIsTheOneOfTheBackup() async throws {
        let folder = try makeScratchFolder()
        defer { removeFolder(folder) }
        let seen = try await TestHub.run { hub in
            try await hub.addOrg("o")
            try await hub.addNode("o", "n1")
            try await Self.put(hub, "x", "old")
            let said = try HubBackup.make(of: hub.root, to: folder + "/backup")
            #expect(said.contains("1 files"))
            try await Self.put(hub, "x", "new")
            try await hub.addOrg("later")
            return try await Self.newestChange(hub)
        }
        #expect(folderEntries(folder + "/backup").sorted() == ["exchange.db", "objects", "server.secret"])
        _ = try HubBackup.restore(folder + "/backup", to: folder + "/hub")
        try await TestHub.run(root: folder + "/hub") { hub in
            #expect(try await hub.client.send("GET", "/api/v1/objects/o/t/x/data", auth: Self.auth).text == "old")
            #expect(try await hub.client.send("GET", "/v1/orgs/o/nodes/n1", auth: "o/n1:tok-n1").status == 200)
            try await hub.asRoot("GET", "/v1/orgs/later", status: 404)
            // A reader that has seen the changes of the lost hub sees those of the restored one too.
            try await hub.addNode("o", "n2")
            #expect(try await Self.newestChange(hub) > seen)
        }
    }

    @Test func aBackupIsARecordOfTheHubsOwnWork() async throws {
        let folder = try makeScratchFolder()
        defer { removeFolder(folder) }
        try await TestHub.run { hub in
            _ = try HubBackup.make(of: hub.root, to: folder + "/backup")
            #expect(throws: (any Error).self) { try HubBackup.make(of: hub.root, to: folder + "/backup") }
            let answer = try await hub.client.send("GET", "/v1/admin/opstatus?node=hub&activity=backup", auth: Self.auth)
            let records = answer.json?[member: "opstatus"]?.array ?? []
            #expect(records.map { $0[member: "status"] } == ["error", "ok"], "\(answer.text)")
            #expect(records.last?[member: "details"]?.string == "completed successfully, the copy is \(folder)/backup")
            #expect(records.first?[member: "details"]?.string?.contains("must be empty") == true)
        }
    }

    @Test func aBackupWithoutAnyChangeIsRestoredBehindAllChanges() async throws {
        let folder = try makeScratchFolder()
        defer { removeFolder(folder) }
        let seen = try await TestHub.run { hub in
            _ = try HubBackup.make(of: hub.root, to: folder + "/backup")
            for org in ["o", "p", "q"] { try await hub.addOrg(org) }
            return try await Self.newestChange(hub)
        }
        _ = try HubBackup.restore(folder + "/backup", to: folder + "/hub")
        try await TestHub.run(root: folder + "/hub") { hub in
            try await hub.addOrg("o")
            #expect(try await Self.newestChange(hub) > seen)
        }
    }

    private static func newestChange(_ hub: TestHub) async throws -> Int64 {
        let answer = try await hub.asRoot("GET", "/v1/changes/maxchangeid", status: 200)
        guard let number = answer.json?[member: "maxChangeId"]?.integer else { throw TestFailure(answer.text) }
        return Int64(number)
    }

    /// Many equal lines, so that half of them would show.
    private static func text(_ name: String, _ round: Int) -> String { String(repeating: "\(name) \(round)\n", count: 2000) }

    /// How far the writers of the objects are.
    private struct Progress: Sendable {
        var begun: [String: Int] = [:]
        var done: [String: Int] = [:]
    }

    @Test func aBackupWhileObjectsChangeIsWhole() async throws {
        let folder = try makeScratchFolder()
        defer { removeFolder(folder) }
        let progress = NIOLockedValueBox(Progress())
        /// What each restored hub may hold.
        var allowed: [[String: ClosedRange<Int>]] = []
        try await TestHub.run { hub in
            try await hub.addOrg("o")
            for name in ["a", "b", "c"] { try await Self.put(hub, name, Self.text(name, 0)) }
            try await Self.whileWriting(hub, ["a", "b", "c"], progress) {
                for round in 0..<5 {
                    let done = progress.withLockedValue { $0.done }
                    _ = try HubBackup.make(of: hub.root, to: "\(folder)/backup-\(round)")
                    let begun = progress.withLockedValue { $0.begun }
                    allowed.append(["a", "b", "c"].reduce(into: [:]) { $0[$1] = (done[$1] ?? 0)...(begun[$1] ?? 0) })
                    _ = try HubBackup.restore("\(folder)/backup-\(round)", to: "\(folder)/hub-\(round)")
                }
            }
        }
        for (round, allowed) in allowed.enumerated() {
            try await TestHub.run(root: "\(folder)/hub-\(round)") { hub in try await Self.expect(allowed, in: hub) }
        }
    }

    /// Writes each object again and again until the work is done.
    private static func whileWriting(
        _ hub: TestHub, _ names: [String], _ progress: NIOLockedValueBox<Progress>, _ work: () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for name in names {
                group.addTask {
                    var rounds = (1...).makeIterator()
                    while !Task.isCancelled, let round = rounds.next() {
                        progress.withLockedValue { $0.begun[name] = round }
                        try await put(hub, name, text(name, round))
                        progress.withLockedValue { $0.done[name] = round }
                    }
                }
            }
            try await work()
            group.cancelAll()
            while let outcome = await group.nextResult() {
                if case .failure(let error) = outcome, !(error is CancellationError) { throw error }
            }
        }
    }

    /// Each object is whole, as it was at a moment of the backup.
    private static func expect(_ allowed: [String: ClosedRange<Int>], in hub: TestHub) async throws {
        for (name, rounds) in allowed {
            let found = try await hub.client.send("GET", "/api/v1/objects/o/t/\(name)/data", auth: Self.auth).text
            #expect(rounds.contains { Self.text(name, $0) == found }, "\(name): \(found.count) characters, \(found.prefix(20))")
        }
    }

    @Test func nothingIsOverwritten() async throws {
        let folder = try makeScratchFolder()
        defer { removeFolder(folder) }
        try await TestHub.run { hub in
            mkdir(folder + "/full", 0o700)
            try writeFile(folder + "/full/mine", Array("mine".utf8))
            await Self.refused("holds 'mine'") { _ = try HubBackup.make(of: hub.root, to: folder + "/full") }
            _ = try HubBackup.make(of: hub.root, to: folder + "/backup")
            await Self.refused("must be empty") { _ = try HubBackup.make(of: hub.root, to: folder + "/backup") }
            await Self.refused("holds 'mine'") { _ = try HubBackup.restore(folder + "/backup", to: folder + "/full") }
            await Self.refused("another hub uses") { _ = try HubBackup.restore(folder + "/backup", to: hub.root) }
            await Self.refused("there is no hub") { _ = try HubBackup.make(of: folder, to: folder + "/other") }
            await Self.refused("there is no backup") { _ = try HubBackup.restore(folder, to: folder + "/other") }
        }
    }

    @Test func aBackupThatIsNotWholeIsNotRestored() async throws {
        let folder = try makeScratchFolder()
        defer { removeFolder(folder) }
        try await TestHub.run { hub in
            try await hub.addOrg("o")
            try await Self.put(hub, "x", "data")
            _ = try HubBackup.make(of: hub.root, to: folder + "/backup")
        }
        for name in folderEntries(folder + "/backup/objects") { unlink("\(folder)/backup/objects/\(name)") }
        await Self.refused("is not whole") { _ = try HubBackup.restore(folder + "/backup", to: folder + "/hub") }
        // What was put there so far is no hub.
        await Self.refused("half a copy") { try await TestHub.run(root: folder + "/hub") { _ in } }
        try writeFile(folder + "/backup/unfinished", [])
        await Self.refused("half a copy") { _ = try HubBackup.restore(folder + "/backup", to: folder + "/hub2") }
    }

    private static func refused(_ words: String, _ work: () async throws -> Void) async {
        let failure = await #expect(throws: ServeFailure.self) { try await work() }
        #expect(failure?.description.contains(words) == true, "\(String(describing: failure))")
    }
}
