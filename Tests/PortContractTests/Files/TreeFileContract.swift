import Testing
import UpgradeModel
import UpgradePorts

/// What every open file promises.
@Suite("File tree contract: bytes")
struct TreeFileContract {
    @Test("Reading gives all that is asked for, and less only at the end", arguments: TreeKind.allCases)
    func read(kind: TreeKind) throws {
        let subject = try TreeSubject(kind)
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let file = try subject.tree.create(at("file"), mode: 0o600)
        try file.write(bytes, at: 0)
        #expect(try file.read(at: 0, max: .max) == bytes)
        #expect(try file.read(at: 99_990, max: 100) == Array(bytes[99_990...]))
        #expect(try file.read(at: 10, max: 5) == Array(bytes[10..<15]))
        #expect(try file.read(at: 100_000, max: 1).isEmpty && file.read(at: 1 << 40, max: 1).isEmpty && file.read(at: 0, max: 0).isEmpty)
        #expect(fileFailure { _ = try file.read(at: -1, max: 1) } == .other)
    }

    @Test("Writing overwrites in place, extends, and fills gaps with zeros", arguments: TreeKind.allCases)
    func write(kind: TreeKind) throws {
        let subject = try TreeSubject(kind)
        let file = try subject.tree.create(at("file"), mode: 0o600)
        try file.write([1, 2, 3, 4], at: 0)
        try file.write([9, 9], at: 1)
        try file.write([7], at: 6)
        try file.write([], at: 20)
        #expect(try file.read(at: 0, max: 100) == [1, 9, 9, 4, 0, 0, 7])
        #expect(try file.length() == 7)
        #expect(fileFailure { try file.write([1], at: -1) } == .other)
    }

    @Test("Truncating cuts and extends", arguments: TreeKind.allCases)
    func truncate(kind: TreeKind) throws {
        let subject = try TreeSubject(kind)
        let file = try subject.tree.create(at("file"), mode: 0o600)
        try file.write([1, 2, 3, 4], at: 0)
        try file.truncate(to: 2)
        try file.truncate(to: 4)
        #expect(try file.read(at: 0, max: 100) == [1, 2, 0, 0])
        #expect(fileFailure { try file.truncate(to: -1) } == .other)
        try file.sync()
        try subject.tree.syncDirectory(.root)
        try subject.tree.syncAll()
        #expect(try file.read(at: 0, max: 100) == [1, 2, 0, 0])
    }

    @Test("A file opened for reading takes no bytes", arguments: TreeKind.allCases)
    func readOnly(kind: TreeKind) throws {
        let subject = try TreeSubject(kind)
        try subject.write("text", to: "file")
        let file = try subject.tree.open(at("file"), for: .reading)
        #expect(fileFailure { try file.write([1], at: 0) } == .other)
        #expect(fileFailure { try file.truncate(to: 0) } != nil)
        #expect(try subject.text("file") == "text")
        try subject.tree.open(at("file"), for: .writing).write(Array("T".utf8), at: 0)
        #expect(try subject.text("file") == "Text")
    }

    @Test("An open file outlives its name, and its bytes come back to the disk with the last reference", arguments: TreeKind.allCases)
    func outlives(kind: TreeKind) throws {
        let subject = try TreeSubject(kind)
        let free = try subject.tree.freeBytes()
        #expect(free > 0)
        do {
            try subject.write("old", to: "file")
            let file = try subject.tree.open(at("file"), for: .reading)
            try subject.write("new", to: "other")
            try subject.tree.rename(at("other"), to: at("file"))
            #expect(try file.read(at: 0, max: 10) == Array("old".utf8))
            #expect(try subject.text("file") == "new")
            try subject.tree.remove(at("file"))
        }
        #expect(try subject.tree.list(.root).isEmpty)
    }
}
