import Testing
import UpgradeModel
import UpgradePorts

/// No path leads through a symbolic link, wherever in the path it stands and wherever it points.
@Suite("File tree contract: links")
struct FileTreeLinkContract {
    /// Where the link points: inside, above, absolute, to itself, through the kernel's own links.
    static let targets = ["folder", "../../etc", "/etc", "..", "link", "/proc/self/root", "."]

    @Test("A link on the way is refused by every operation", arguments: TreeKind.allCases, targets)
    func linkOnTheWay(kind: TreeKind, target: String) throws {
        let subject = try TreeSubject(kind)
        let tree = subject.tree
        try subject.folder("folder")
        try subject.folder("folder/deep")
        try subject.write("text", to: "folder/file")
        try tree.symbolicLink(target, at: at("link"))
        for inside in [at("link/file"), at("link/deep/file")] {
            #expect(fileFailure { _ = try tree.entry(inside) } == .escapes)
            #expect(fileFailure { _ = try tree.open(inside, for: .reading) } == .escapes)
            #expect(fileFailure { _ = try tree.create(inside, mode: 0o600) } == .escapes)
            #expect(fileFailure { try tree.makeDirectory(inside, mode: 0o700) } == .escapes)
            #expect(fileFailure { try tree.symbolicLink("x", at: inside) } == .escapes)
            #expect(fileFailure { _ = try tree.readLink(inside) } == .escapes)
            #expect(fileFailure { try tree.link(at("folder/file"), to: inside) } == .escapes)
            #expect(fileFailure { try tree.link(inside, to: at("new")) } == .escapes)
            #expect(fileFailure { try tree.rename(at("folder/file"), to: inside) } == .escapes)
            #expect(fileFailure { try tree.rename(inside, to: at("new")) } == .escapes)
            #expect(fileFailure { try tree.remove(inside) } == .escapes)
            #expect(fileFailure { try tree.removeDirectory(inside) } == .escapes)
            #expect(fileFailure { try tree.setMode(inside, mode: 0o600) } == .escapes)
        }
        #expect(fileFailure { _ = try tree.list(at("link")) } == .escapes)
        #expect(fileFailure { try tree.syncDirectory(at("link")) } == .escapes)
        #expect(try tree.list(at("folder")) == ["deep", "file"])
    }

    @Test("A link at the end is itself the subject", arguments: TreeKind.allCases, targets)
    func linkAtTheEnd(kind: TreeKind, target: String) throws {
        let subject = try TreeSubject(kind)
        try subject.folder("folder")
        try subject.tree.symbolicLink(target, at: at("link"))
        #expect(try subject.tree.readLink(at("link")) == target)
        let length = Int64(target.utf8.count)
        #expect(try subject.tree.entry(at("link")) == FileEntry(kind: .symbolicLink, mode: 0o777, length: length, owner: subject.owner))
        try subject.tree.rename(at("link"), to: at("moved"))
        try subject.tree.remove(at("moved"))
        #expect(try subject.tree.list(.root) == ["folder"])
    }

    @Test("The root has no name in the tree", arguments: TreeKind.allCases)
    func root(kind: TreeKind) throws {
        let subject = try TreeSubject(kind)
        try subject.folder("folder")
        #expect(fileFailure { try subject.tree.rename(.root, to: at("folder/x")) } == .escapes)
        #expect(fileFailure { try subject.tree.rename(at("folder"), to: .root) } == .escapes)
        #expect(fileFailure { try subject.tree.removeDirectory(.root) } == .escapes)
        #expect(fileFailure { _ = try subject.tree.open(.root, for: .reading) } == .escapes)
        #expect(try subject.tree.entry(.root)?.kind == .directory)
        try subject.tree.syncDirectory(.root)
    }
}
