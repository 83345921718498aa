import Foundation
import Testing
import UpgradePorts
import UpgradeTrust

@Suite struct PinnedKeysTests {
    private let publisher: Publisher
    private let node: Scratch

    init() throws {
        publisher = try Publisher.shared.get()
        node = try Scratch()
    }

    @Test func readsPEMFilesInOrderAndNothingElse() throws {
        for name in ["b.pem", "a.pem", ".hidden.pem", "c.pem.bak", "README"] { try pin(name.contains("READ") ? "ec" : "2048", as: name) }
        #expect(try PinnedKeys.load(folder: node.folder).all.map(\.name) == ["a.pem", "b.pem"])
    }

    @Test func absentOrEmptyIsNoError() throws {
        #expect(try PinnedKeys.load(folder: node.folder).all.isEmpty)
        #expect(try PinnedKeys.load(folder: node.path("missing/trusted-keys.d")).all.isEmpty)
    }

    @Test(arguments: ["ec", "1024", "pss"])
    func refusesOtherKeys(_ name: String) throws {
        try pin(name, as: "bad.pem")
        expectRefusal("bad.pem")
    }

    @Test func refusesFilesWithoutExactlyOnePublicKey() throws {
        let key = try publisher.scratch.bytes("2048.pem")
        let text = try #require(String(bytes: key, encoding: .utf8))
        let contents: [[UInt8]] = [
            [], Array("no key".utf8), Array(key.dropLast(40)), key + key, try publisher.scratch.bytes("2048.key"),
            try publisher.scratch.bytes("2048.der"),
            Array(text.replacingOccurrences(of: "PUBLIC", with: "RSA PUBLIC").utf8), key + [UInt8](repeating: 10, count: 70_000),
            [0] + key.dropFirst(3),
        ]
        for (number, bytes) in contents.enumerated() {
            try node.write("bad.pem", bytes)
            expectRefusal("bad.pem", "contents \(number)")
        }
    }

    @Test func refusesWhatOthersCanWrite() throws {
        try pin("2048", as: "key.pem")
        for mode in [0o620, 0o602, 0o666] as [mode_t] {
            #expect(chmod(node.path("key.pem"), mode) == 0)
            expectRefusal("chmod go-w \(node.path("key.pem"))")
        }
        #expect(chmod(node.path("key.pem"), 0o444) == 0)
        #expect(try PinnedKeys.load(folder: node.folder).all.count == 1)
        for mode in [0o770, 0o777, 0o1777] as [mode_t] {
            #expect(chmod(node.folder, mode) == 0)
            expectRefusal("chmod go-w \(node.folder)")
        }
        #expect(chmod(node.folder, 0o755) == 0)
        #expect(try PinnedKeys.load(folder: node.folder).all.count == 1)
    }

    /// Only root can give a file away.
    @Test(.enabled(if: geteuid() == 0)) func refusesForeignOwners() throws {
        try pin("2048", as: "key.pem")
        #expect(chown(node.path("key.pem"), 4711, 4711) == 0)
        expectRefusal("belongs to user 4711")
        #expect(chown(node.path("key.pem"), 0, 4711) == 0)
        #expect(chown(node.folder, 4711, 0) == 0)
        expectRefusal("chown root \(node.folder)")
    }

    @Test func refusesWhatIsNoRegularFile() throws {
        try pin("2048", as: "real")
        let makers: [(String) -> Int32] = [
            { symlink("real", $0) }, { symlink("missing", $0) }, { mkfifo($0, 0o600) }, { mkdir($0, 0o700) },
        ]
        for make in makers {
            #expect(make(node.path("bad.pem")) == 0)
            expectRefusal("bad.pem")
            try FileManager.default.removeItem(atPath: node.path("bad.pem"))
        }
    }

    @Test func refusesFoldersThatAreNone() throws {
        try pin("2048", as: "key.pem")
        #expect(symlink(node.folder, node.path("link")) == 0)
        for folder in [node.path("link"), node.path("key.pem"), "relative", "", "/a\0b"] {
            #expect(failure { _ = try PinnedKeys.load(folder: folder) }?.kind == .noPinnedKeys, "\(folder)")
        }
    }

    @Test func refusesTooMany() throws {
        for number in 0..<64 { try pin("2048", as: "\(number).pem") }
        #expect(try PinnedKeys.load(folder: node.folder).all.count == 64)
        try pin("2048", as: "one-more.pem")
        expectRefusal("65 keys")
    }

    private func pin(_ key: String, as name: String) throws {
        try node.write(name, try publisher.scratch.bytes("\(key).pem"))
    }

    private func expectRefusal(_ words: String, _ comment: Comment? = nil, at place: SourceLocation = #_sourceLocation) {
        let refused = failure { _ = try PinnedKeys.load(folder: node.folder) }
        #expect(refused?.kind == .noPinnedKeys, comment, sourceLocation: place)
        #expect(refused?.explanation.contains(words) == true, "\(refused?.explanation ?? "loaded")", sourceLocation: place)
    }
}
