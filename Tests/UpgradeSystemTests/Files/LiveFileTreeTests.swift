import FoundationEssentials
import Glibc
import Testing
import UpgradeModel
import UpgradePorts

@testable import UpgradeSystem

/// What only the real disk can show; the rest is in the contract suite.
@Suite("Real file tree")
struct LiveFileTreeTests {
    @Test("A root that is not there, or is no folder, is named in the error")
    func badRoot() throws {
        let scratch = try Scratch()
        let missing = #expect(throws: FileError.self) { try LiveFileTree(root: scratch.path("none")) }
        #expect(missing?.kind == .missing)
        #expect(missing?.description.contains(scratch.path("none")) == true)
        try Data("x".utf8).write(to: URL(filePath: scratch.path("file")))
        #expect(throws: FileError.self) { try LiveFileTree(root: scratch.path("file")) }
    }

    @Test("The root's own path may contain links")
    func linkedRoot() throws {
        let scratch = try Scratch()
        try #require(mkdir(scratch.path("real"), 0o700) == 0 && symlink("real", scratch.path("link")) == 0)
        let tree = try LiveFileTree(root: scratch.path("link"))
        try tree.makeDirectory(.known("inside"), mode: 0o700)
        #expect(access(scratch.path("real/inside"), F_OK) == 0)
    }

    @Test("A FIFO, a socket or a device is never opened")
    func specialFiles() throws {
        let scratch = try Scratch()
        let tree = try LiveFileTree(root: scratch.folder)
        try #require(mkfifo(scratch.path("fifo"), 0o600) == 0)
        let failure = #expect(throws: FileError.self) { try tree.open(.known("fifo"), for: .reading) }
        #expect(failure?.kind == .unexpectedKind)
        #expect(try tree.entry(.known("fifo"))?.kind == .other)
        let device = try LiveFileTree(root: "/dev")
        #expect(#expect(throws: FileError.self) { try device.open(.known("null"), for: .writing) }?.kind == .unexpectedKind)
    }

    @Test("What the system reports becomes what callers tell apart")
    func kinds() {
        let expected: [(Int32, FileError.Kind)] = [
            (ENOENT, .missing), (EEXIST, .exists), (ENOTEMPTY, .exists), (ENOSPC, .noSpace), (EDQUOT, .noSpace), (EACCES, .denied),
            (EPERM, .denied), (EROFS, .denied), (EISDIR, .unexpectedKind), (ENOTDIR, .unexpectedKind), (ELOOP, .unexpectedKind),
            (EIO, .other), (ENOSYS, .other), (EXDEV, .other),
        ]
        for (code, kind) in expected {
            let failure = FileError(SystemError(code: code), operation: "write", path: .known("a"))
            #expect(failure.kind == kind && failure.code == code && !failure.reason.isEmpty)
        }
        #expect(FileError(SystemError(code: ENOSYS), operation: "open", path: .root).reason.contains("Linux 5.6"))
    }

    @Test("A length that no disk has is refused with the system's number")
    func absurdLength() throws {
        let scratch = try Scratch()
        let file = try LiveFileTree(root: scratch.folder).create(.known("file"), mode: 0o600)
        let failure = #expect(throws: FileError.self) { try file.truncate(to: .max) }
        #expect(failure?.description.hasPrefix("cannot truncate file: ") == true && failure?.code != 0)
    }

    @Test("An error says what was tried, on what, and the system's reason")
    func errorText() throws {
        let scratch = try Scratch()
        let tree = try LiveFileTree(root: scratch.folder)
        let failure = #expect(throws: FileError.self) { try tree.rename(.known("a"), to: .known("b")) }
        #expect(failure?.description == "cannot rename a: No such file or directory (new name: b)")
    }

    @Test("Nothing of ours is open in a started program, and descriptors are given back")
    func descriptors() throws {
        let scratch = try Scratch()
        let tree = try LiveFileTree(root: scratch.folder)
        let file = try tree.create(.known("file"), mode: 0o600)
        try file.write([1], at: 0)
        let links = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        let mine = links.first {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == scratch.path("file")
        }
        let number = try #require(mine.flatMap { Int32($0) })
        let flags = try String(decoding: Data(contentsOf: URL(filePath: "/proc/self/fdinfo/\(number)")), as: UTF8.self)
        let octal = flags.split(separator: "\n").first { $0.hasPrefix("flags:") }?.split(separator: "\t").last
        #expect((octal.flatMap { Int32($0, radix: 8) } ?? 0) & O_CLOEXEC != 0)
    }

    @Test("Locks are files for the owner alone")
    func lockMode() throws {
        let scratch = try Scratch()
        let held = try LiveLocks(root: scratch.folder).take(.install)
        #expect(try LiveFileTree(root: scratch.folder).entry(.known("install.lock"))?.mode == 0o600)
        held?.release()
    }
}
