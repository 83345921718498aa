import Testing
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// What a power cut leaves of a simulated disk: bytes as of the file's last sync, names as of their folder's. A real disk may keep more; the
/// simulated one shows the worst that the port allows.
@Suite("Simulated power cuts")
struct PowerCutTests {
    private let tree = SimFileTree()

    private func found(_ loss: PowerCutLoss = .everything) -> SimFileTree { SimFileTree(tree.disk.afterPowerCut(losing: loss)) }

    private func text(_ path: String, in tree: SimFileTree) throws -> String {
        String(decoding: try tree.open(at(path), for: .reading).read(at: 0, max: 1 << 10), as: UTF8.self)
    }

    @discardableResult
    private func put(_ text: String, _ path: String, sync: Bool = true) throws -> any TreeFile {
        let file = try tree.create(at(path), mode: 0o600)
        try file.write(Array(text.utf8), at: 0)
        if sync { try file.sync() }
        return file
    }

    @Test("an unsynced write is lost, a synced one stays")
    func bytes() throws {
        let file = try put("old", "file")
        try tree.syncDirectory(.root)
        try file.write(Array("new and longer".utf8), at: 0)
        #expect(try text("file", in: found()) == "old")
        #expect(try text("file", in: found(.nothing)) == "new and longer")
        try file.sync()
        #expect(try text("file", in: found()) == "new and longer")
    }

    @Test("a name stays only when its folder is synced, whatever happens to the file")
    func names() throws {
        try put("text", "file")
        #expect(try found().list(.root).isEmpty)
        try tree.syncDirectory(.root)
        #expect(try text("file", in: found()) == "text")
    }

    @Test("a file whose name is durable and whose bytes are not is empty")
    func emptyFile() throws {
        try put("text", "file", sync: false)
        try tree.syncDirectory(.root)
        #expect(try text("file", in: found()).isEmpty)
    }

    @Test("the sync of a folder says nothing about the folders in it and around it")
    func nesting() throws {
        try tree.makeDirectory(at("a"), mode: 0o700)
        try tree.makeDirectory(at("a/b"), mode: 0o700)
        try put("text", "a/b/file")
        try tree.syncDirectory(at("a/b"))
        #expect(try found().list(.root).isEmpty)
        try tree.syncDirectory(.root)
        #expect(try found().list(at("a")).isEmpty)
        try tree.syncDirectory(at("a"))
        #expect(try text("a/b/file", in: found()) == "text")
    }

    @Test("a sync of all is one of every file and folder, whatever was written how", arguments: PowerCutLoss.allCases)
    func all(loss: PowerCutLoss) throws {
        let file = try put("old text", "file", sync: false)
        try tree.makeDirectory(at("a"), mode: 0o700)
        try put("text", "a/file", sync: false)
        try tree.symbolicLink("file", at: at("link"))
        try file.write(Array("new".utf8), at: 0)
        try tree.setMode(at("a/file"), mode: 0o644)
        try tree.rename(at("a/file"), to: at("b"))
        try tree.syncAll()
        #expect(try found(loss).list(.root) == ["a", "b", "file", "link"])
        #expect(try found(loss).list(at("a")).isEmpty && text("b", in: found(loss)) == "text")
        #expect(try text("file", in: found(loss)) == "new text")
        #expect(try found(loss).entry(at("b"))?.mode == 0o644)
    }

    @Test("a sync of all that fails has made nothing durable")
    func allFails() throws {
        try put("text", "file", sync: false)
        tree.failMutation(1, with: .other)
        #expect(fileFailure { try tree.syncAll() } == .other)
        #expect(try found().list(.root).isEmpty)
    }

    @Test("what was removed and not synced is there again; modes and links as well")
    func removal() throws {
        try put("text", "file")
        try tree.symbolicLink("file", at: at("link"))
        try tree.makeDirectory(at("folder"), mode: 0o700)
        try tree.syncDirectory(.root)
        try tree.setMode(at("file"), mode: 0o644)
        try tree.remove(at("file"))
        try tree.remove(at("link"))
        try tree.removeDirectory(at("folder"))
        #expect(try found().list(.root) == ["file", "folder", "link"])
        #expect(try found().entry(at("file"))?.mode == 0o600)
        #expect(try text("file", in: found()) == "text")
        try tree.syncDirectory(.root)
        #expect(try found().list(.root).isEmpty)
    }

    @Test("a rename between two folders is whole or not there, and durable with either folder", arguments: ["from", "to"])
    func move(folder: String) throws {
        for name in ["from", "to"] { try tree.makeDirectory(at(name), mode: 0o700) }
        try put("text", "from/file")
        for path in [at("from"), at("to"), .root] { try tree.syncDirectory(path) }
        try tree.rename(at("from/file"), to: at("to/file"))
        #expect(try found().list(at("from")) == ["file"] && found().list(at("to")).isEmpty)
        try tree.syncDirectory(at(folder))
        #expect(try found().list(at("from")).isEmpty && text("to/file", in: found()) == "text")
    }

    @Test("a rename that was synced takes along what made the name")
    func dependence() throws {
        for name in ["from", "to"] { try tree.makeDirectory(at(name), mode: 0o700) }
        try tree.syncDirectory(.root)
        try put("text", "from/file")
        try tree.rename(at("from/file"), to: at("to/file"))
        try tree.syncDirectory(at("to"))
        for loss in PowerCutLoss.allCases {
            #expect(try found(loss).list(at("from")).isEmpty)
            #expect(try text("to/file", in: found(loss)) == "text")
        }
    }

    @Test("of unsynced operations on names a later one may come through alone, even before the bytes")
    func reordering() throws {
        try put("old", "current")
        try tree.syncDirectory(.root)
        try put("note", "note")
        try put("new", "next", sync: false)
        try tree.rename(at("next"), to: at("current"))
        let disk = found(.earlierNames)
        #expect(try disk.list(.root) == ["current"])
        #expect(try text("current", in: disk).isEmpty)
        #expect(try text("current", in: found()) == "old")
    }

    @Test("of the last unsynced write a part is there; behind it stands what was there before")
    func tearing() throws {
        let file = try put("aaaaaaaa", "file")
        try tree.syncDirectory(.root)
        try file.write(Array("bbbb".utf8), at: 2)
        #expect(try text("file", in: found(.partOfLastWrite)) == "aabbaaaa")
        try file.write(Array("cccccccc".utf8), at: 6)
        #expect(try text("file", in: found(.partOfLastWrite)) == "aabbbbcccc")
        try file.sync()
        #expect(try text("file", in: found(.partOfLastWrite)) == "aabbbbcccccccc")
    }

    @Test("space and handles are counted anew, and all that is there then is durable")
    func after() throws {
        let file = try put("text", "file", sync: false)
        try tree.syncDirectory(.root)
        let disk = tree.disk.afterPowerCut(losing: .everything)
        #expect(disk.used == 0 && disk.capacity == tree.disk.capacity)
        let again = SimFileTree(tree.disk.settled)
        try again.remove(at("file"))
        #expect(again.disk.used == 0)
        #expect(try file.length() == 4)
        #expect(tree.disk.settled.afterPowerCut(losing: .everything) == tree.disk.settled)
    }
}
