import ExchangeServer
import Glibc
import Testing

/// Copies that are damaged or broke off: none of them is called good.
@Suite struct BackupDamageTests {
    /// A file of a hub or a backup, cut to so many bytes or written over, and what is said then.
    private static let damages: [(name: String, length: Int, words: String)] = [
        ("objects/", 100, "it has 100 bytes, the database says 4000"), ("objects/", 4000, "its SHA-256 is not the one in the database"),
        ("server.secret", 5, "must hold 32 bytes, found 5"),
    ]

    @Test(arguments: damages.indices)
    func damagedFilesAreNotRestored(index: Int) async throws {
        let folder = try makeScratchFolder()
        defer { removeFolder(folder) }
        try await Self.fill { hub in _ = try HubBackup.make(of: hub.root, to: folder + "/backup") }
        try Self.damage(folder + "/backup", Self.damages[index])
        await Self.refused(Self.damages[index].words) { _ = try HubBackup.restore(folder + "/backup", to: folder + "/hub") }
        await Self.refused("half a copy") { try await TestHub.run(root: folder + "/hub") { _ in } }
    }

    @Test(arguments: damages.indices)
    func damagedFilesAreNoBackup(index: Int) async throws {
        let folder = try makeScratchFolder()
        defer { removeFolder(folder) }
        try await Self.fill { hub in
            try Self.damage(hub.root, Self.damages[index])
            await Self.refused(Self.damages[index].words) { _ = try HubBackup.make(of: hub.root, to: folder + "/backup") }
        }
        await Self.refused("half a copy") { _ = try HubBackup.restore(folder + "/backup", to: folder + "/hub") }
    }

    /// A mark under whatever name that a broken copy leaves.
    @Test(arguments: ["unfinished", "unfinished.77.tmp"])
    func aMarkedFolderIsRefused(mark: String) async throws {
        let folder = try makeScratchFolder()
        defer { removeFolder(folder) }
        try await Self.fill { hub in _ = try HubBackup.make(of: hub.root, to: folder + "/backup") }
        _ = try HubBackup.restore(folder + "/backup", to: folder + "/hub")
        for name in ["backup", "hub"] { try writeFile("\(folder)/\(name)/\(mark)", []) }
        await Self.refused("half a copy") { _ = try HubBackup.restore(folder + "/backup", to: folder + "/other") }
        await Self.refused("half a copy") { _ = try HubBackup.make(of: folder + "/hub", to: folder + "/other") }
        await Self.refused("half a copy") { try await TestHub.run(root: folder + "/hub") { _ in } }
    }

    /// A hub with an object of 4000 bytes.
    private static func fill(_ body: (TestHub) async throws -> Void) async throws {
        try await TestHub.run { hub in
            try await hub.addOrg("o")
            try await ServerBackupTests.put(hub, "x", String(repeating: "x", count: 4000))
            try await body(hub)
        }
    }

    private static func damage(_ root: String, _ damage: (name: String, length: Int, words: String)) throws {
        let file = damage.name.hasSuffix("/") ? damage.name + (folderEntries(root + "/objects").first ?? "") : damage.name
        unlink(root + "/" + file)
        try writeFile(root + "/" + file, [UInt8](repeating: 7, count: damage.length))
    }

    private static func refused(_ words: String, _ work: () async throws -> Void) async {
        let failure = await #expect(throws: ServeFailure.self) { try await work() }
        #expect(failure?.description.contains(words) == true, "\(String(describing: failure))")
    }
}
