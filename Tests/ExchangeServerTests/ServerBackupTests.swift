import ExchangeServer
import Glibc
import Testing
import UpgradeWire

/// Backup while the hub runs, and restore where none runs.
@Suite struct ServerBackupTests {
    private static let auth = "root/root:\(TestHub.rootPassword)"

    private static func put(_ hub: TestHub, _ id: String, _ text: String) async throws {
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

    private static func newestChange(_ hub: TestHub) async throws -> Int64 {
        let answer = try await hub.asRoot("GET", "/v1/changes/maxchangeid", status: 200)
        guard let number = answer.json?[member: "maxChangeId"]?.integer else { throw TestFailure(answer.text) }
        return Int64(number)
    }

    @Test func aBackupWhileObjectsChangeIsWhole() async throws {
        let folder = try makeScratchFolder()
        defer { removeFolder(folder) }
        try await TestHub.run { hub in
            try await hub.addOrg("o")
            for name in ["a", "b", "c"] { try await Self.put(hub, name, "\(name) 0") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for name in ["a", "b", "c"] {
                    group.addTask {
                        var round = 0
                        while !Task.isCancelled {
                            round += 1
                            try await Self.put(hub, name, "\(name) \(round)")
                        }
                    }
                }
                for round in 0..<5 {
                    _ = try HubBackup.make(of: hub.root, to: "\(folder)/backup-\(round)")
                    _ = try HubBackup.restore("\(folder)/backup-\(round)", to: "\(folder)/hub-\(round)")
                }
                group.cancelAll()
                while let outcome = await group.nextResult() {
                    if case .failure(let error) = outcome, !(error is CancellationError) { throw error }
                }
            }
        }
        try await TestHub.run(root: folder + "/hub-4") { hub in
            for name in ["a", "b", "c"] {
                let answer = try await hub.client.send("GET", "/api/v1/objects/o/t/\(name)/data", auth: Self.auth)
                #expect(answer.text.hasPrefix("\(name) "))
            }
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
