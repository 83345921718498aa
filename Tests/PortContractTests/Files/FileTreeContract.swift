import Testing
import UpgradeModel
import UpgradePorts

/// What every file tree promises about names. Each test runs on the real disk and on the simulated one.
@Suite("File tree contract: names")
struct FileTreeContract {
    @Test("A new file gets exactly its mode, whatever the process's umask", arguments: TreeKind.allCases)
    func create(kind: TreeKind) throws {
        let subject = try TreeSubject(kind)
        let file = try subject.tree.create(at("file"), mode: 0o666)
        try file.write([1, 2, 3], at: 0)
        #expect(try file.read(at: 0, max: 10) == [1, 2, 3])
        #expect(try subject.tree.entry(at("file")) == FileEntry(kind: .file, mode: 0o666, length: 3, owner: subject.owner))
        try subject.tree.makeDirectory(at("folder"), mode: 0o777)
        #expect(try subject.tree.entry(at("folder"))?.mode == 0o777)
    }

    @Test("Creating takes no name that is taken, and cuts nothing off", arguments: TreeKind.allCases)
    func createExclusive(kind: TreeKind) throws {
        let subject = try TreeSubject(kind)
        try subject.write("old", to: "file")
        try subject.folder("folder")
        try subject.tree.symbolicLink("file", at: at("link"))
        try subject.tree.symbolicLink("nowhere", at: at("dangling"))
        for taken in ["file", "folder", "link", "dangling"] {
            #expect(fileFailure { _ = try subject.tree.create(at(taken), mode: 0o600) } == .exists)
            #expect(fileFailure { try subject.folder(taken) } == .exists)
            #expect(fileFailure { try subject.tree.symbolicLink("x", at: at(taken)) } == .exists)
        }
        #expect(fileFailure { try subject.tree.makeDirectory(.root, mode: 0o700) } == .exists)
        #expect(try subject.text("file") == "old")
        #expect(try subject.kind("nowhere") == nil)
    }

    @Test("What is not there is missing", arguments: TreeKind.allCases)
    func missing(kind: TreeKind) throws {
        let (subject, nothing) = (try TreeSubject(kind), at("nothing"))
        let tree = subject.tree
        #expect(try tree.entry(nothing) == nil)
        #expect(try tree.entry(at("nothing/at/all")) == nil)
        #expect(fileFailure { _ = try tree.open(nothing, for: .reading) } == .missing)
        #expect(fileFailure { _ = try tree.create(at("nothing/file"), mode: 0o600) } == .missing)
        #expect(fileFailure { try tree.makeDirectory(at("nothing/folder"), mode: 0o700) } == .missing)
        #expect(fileFailure { try tree.link(nothing, to: at("new")) } == .missing)
        #expect(fileFailure { try tree.rename(nothing, to: at("new")) } == .missing)
        #expect(fileFailure { try tree.remove(nothing) } == .missing)
        #expect(fileFailure { try tree.removeDirectory(nothing) } == .missing)
        #expect(fileFailure { _ = try tree.readLink(nothing) } == .missing)
        #expect(fileFailure { _ = try tree.list(nothing) } == .missing)
        #expect(fileFailure { try tree.syncDirectory(nothing) } == .missing)
        #expect(fileFailure { try tree.setMode(nothing, mode: 0o600) } == .missing)
    }

    @Test("Only regular files are opened and linked", arguments: TreeKind.allCases)
    func unexpectedKinds(kind: TreeKind) throws {
        let subject = try TreeSubject(kind)
        let tree = subject.tree
        try subject.write("text", to: "file")
        try subject.folder("folder")
        try tree.symbolicLink("file", at: at("link"))
        for other in ["folder", "link"] {
            #expect(fileFailure { _ = try tree.open(at(other), for: .reading) } == .unexpectedKind)
            #expect(fileFailure { _ = try tree.open(at(other), for: .writing) } == .unexpectedKind)
            #expect(fileFailure { try tree.link(at(other), to: at("new")) } == .unexpectedKind)
        }
        #expect(fileFailure { _ = try tree.readLink(at("file")) } == .unexpectedKind)
        #expect(fileFailure { _ = try tree.readLink(at("folder")) } == .unexpectedKind)
        #expect(fileFailure { try tree.remove(at("folder")) } == .unexpectedKind)
        #expect(fileFailure { try tree.removeDirectory(at("file")) } == .unexpectedKind)
        #expect(fileFailure { try tree.removeDirectory(at("link")) } == .unexpectedKind)
        #expect(fileFailure { _ = try tree.list(at("file")) } == .unexpectedKind)
        #expect(fileFailure { _ = try tree.create(at("file/inside"), mode: 0o600) } == .unexpectedKind)
        #expect(fileFailure { try tree.setMode(at("link"), mode: 0o600) } == .unexpectedKind)
    }

    @Test("Renaming replaces a file or link in one step", arguments: TreeKind.allCases)
    func rename(kind: TreeKind) throws {
        let subject = try TreeSubject(kind)
        try subject.write("new", to: "file.new")
        try subject.write("old", to: "file")
        try subject.tree.rename(at("file.new"), to: at("file"))
        #expect(try subject.text("file") == "new")
        try subject.tree.symbolicLink("releases/2", at: at("current.new"))
        try subject.tree.symbolicLink("releases/1", at: at("current"))
        try subject.tree.rename(at("current.new"), to: at("current"))
        #expect(try subject.tree.readLink(at("current")) == "releases/2")
        #expect(try subject.tree.list(.root) == ["current", "file"])
    }

    @Test("Folders move with all that is in them, over an empty folder only", arguments: TreeKind.allCases)
    func renameFolders(kind: TreeKind) throws {
        let subject = try TreeSubject(kind)
        for folder in ["from", "from/deep", "full", "full/x", "empty"] { try subject.folder(folder) }
        try subject.write("text", to: "from/deep/file")
        try subject.write("text", to: "file")
        #expect(fileFailure { try subject.tree.rename(at("from"), to: at("full")) } == .exists)
        #expect(fileFailure { try subject.tree.rename(at("from"), to: at("file")) } == .unexpectedKind)
        #expect(fileFailure { try subject.tree.rename(at("file"), to: at("empty")) } == .unexpectedKind)
        #expect(fileFailure { try subject.tree.rename(at("from"), to: at("from/deep/x")) } == .other)
        try subject.tree.rename(at("from"), to: at("empty"))
        #expect(try subject.text("empty/deep/file") == "text")
        #expect(try subject.kind("from") == nil)
    }

    @Test("A second name is the same file, and lives on when the first goes", arguments: TreeKind.allCases)
    func link(kind: TreeKind) throws {
        let subject = try TreeSubject(kind)
        try subject.write("text", to: "one")
        try subject.write("other", to: "taken")
        try subject.tree.link(at("one"), to: at("two"))
        #expect(fileFailure { try subject.tree.link(at("one"), to: at("taken")) } == .exists)
        try subject.tree.open(at("two"), for: .writing).write(Array("T".utf8), at: 0)
        #expect(try subject.text("one") == "Text")
        // Renaming one name of a file over another of its names does nothing at all (POSIX).
        try subject.tree.rename(at("one"), to: at("two"))
        #expect(try subject.tree.list(.root) == ["one", "taken", "two"])
        try subject.tree.remove(at("one"))
        #expect(try subject.text("two") == "Text")
    }

    @Test("Only an empty folder is removed", arguments: TreeKind.allCases)
    func removeDirectory(kind: TreeKind) throws {
        let subject = try TreeSubject(kind)
        try subject.folder("folder")
        try subject.write("", to: "folder/file")
        #expect(fileFailure { try subject.tree.removeDirectory(at("folder")) } == .exists)
        try subject.tree.remove(at("folder/file"))
        try subject.tree.removeDirectory(at("folder"))
        #expect(try subject.kind("folder") == nil)
    }

    @Test("Names are listed by bytes", arguments: TreeKind.allCases)
    func list(kind: TreeKind) throws {
        let subject = try TreeSubject(kind)
        for name in ["b", "a", "B", "ä", "a.b", "10", "9", ".hidden", "a b"] { try subject.write("", to: name) }
        #expect(try subject.tree.list(.root) == [".hidden", "10", "9", "B", "a", "a b", "a.b", "b", "ä"])
    }

    @Test("Modes of files and folders change, all twelve bits", arguments: TreeKind.allCases)
    func setMode(kind: TreeKind) throws {
        let subject = try TreeSubject(kind)
        try subject.write("", to: "file")
        try subject.folder("folder")
        try subject.tree.setMode(at("file"), mode: 0o4711)
        try subject.tree.setMode(at("folder"), mode: 0o1750)
        try subject.tree.setMode(.root, mode: 0o711)
        #expect(try subject.tree.entry(at("file"))?.mode == 0o4711)
        #expect(try subject.tree.entry(at("folder"))?.mode == 0o1750)
        #expect(try subject.tree.entry(.root)?.mode == 0o711)
    }
}
