import Foundation
import Testing
import UpgradeModel
import UpgradePorts

@Suite("Windows and dictionaries above 8 MiB are refused by name")
struct WindowTests {
    private var tar: [UInt8] {
        var generator = SeededGenerator(seed: 3)
        var tar = TarBuilder()
        tar.add("a", data: (0..<300_000).map { _ in UInt8.random(in: 0...255, using: &generator) })
        return tar.ended
    }

    private func expectTooLarge(_ bytes: [UInt8], _ name: String) {
        let read = ReadArchive(bytes)
        #expect(read.failure?.kind == .windowTooLarge, "\(read.failure?.explanation ?? "taken")")
        #expect(read.failure?.explanation.hasPrefix(name) == true)
        #expect(read.failure?.explanation.contains("expected at most 8388608") == true)
    }

    @Test(arguments: ["zstd --long=24", "zstd --long=27", "zstd --ultra -22", "zstd --long=31"])
    func zstdWindow(command: String) throws {
        expectTooLarge(try Tools.run("cat | " + command, input: tar), "zstd")
    }

    @Test(arguments: ["xz -7", "xz -9", "xz --lzma2=dict=12MiB", "xz --lzma2=dict=1536MiB"])
    func xzDictionary(command: String) throws {
        expectTooLarge(try Tools.run(command, input: tar), "xz")
    }

    @Test(arguments: ["zstd --long=23", "zstd -19", "xz -6", "xz --lzma2=dict=8MiB"])
    func eightMiBIsFine(command: String) throws {
        #expect(ReadArchive(try Tools.run("cat | " + command, input: tar)).failure == nil)
    }

    @Test func singleSegmentFramesCountByTheirLength() throws {
        var header: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0b1010_0000, 1, 0, 0x80, 0, 0, 0, 0]
        expectTooLarge(header + Array(repeating: 0, count: 100), "zstd")
        header[5] = 0
        #expect(ReadArchive(header + Array(repeating: 0, count: 100)).failure?.kind == .damaged)
    }

    @Test func laterZstdFrameIsSeen() throws {
        let first = try Tools.run("zstd", input: Array(tar.prefix(200_000)))
        let second = try Tools.run("cat | zstd --long=27", input: Array(tar.dropFirst(200_000)))
        expectTooLarge(first + second, "zstd")
    }

    @Test func laterXzStreamIsSeen() throws {
        let first = try Tools.run("xz", input: Array(tar.prefix(200_000)))
        let second = try Tools.run("xz -9", input: Array(tar.dropFirst(200_000)))
        expectTooLarge(first + second, "xz")
    }

    @Test(arguments: ["xz --block-size=65536", "xz -T2 --block-size=65536"])
    func laterXzBlockOfTheSameStreamIsSeen(command: String) throws {
        let whole = try Tools.run(command, input: tar)
        #expect(ReadArchive(whole).failure == nil)
        let headers = blockHeaders(whole)
        try #require(headers.count >= 3)
        var changed = whole
        let block = headers[2]
        let length = (Int(changed[block]) + 1) * 4
        let properties = try #require((block..<(block + length - 6)).first { changed[$0] == 0x21 && changed[$0 + 1] == 1 })
        changed[properties + 2] = 28
        let sum = CRC32.of(Array(changed[block..<(block + length - 4)]))
        for byte in 0..<4 { changed[block + length - 4 + byte] = UInt8(truncatingIfNeeded: sum >> (8 * UInt32(byte))) }
        #expect(try Tools.run("xz -dc | wc -c", input: changed).isEmpty == false, "the changed archive must be valid for xz itself")
        expectTooLarge(changed, "xz")
    }

    @Test func xzFiltersBeforeLZMA2AreRefused() throws {
        let read = ReadArchive(try Tools.run("xz --x86 --lzma2=preset=6", input: tar))
        #expect(read.failure?.kind == .unknownFormat)
        #expect(read.failure?.explanation.contains("LZMA2 alone") == true)
    }

    /// Where blocks begin: places where a header's own checksum is right.
    private func blockHeaders(_ bytes: [UInt8]) -> [Int] {
        stride(from: 12, to: bytes.count - 64, by: 4).filter { start in
            let length = (Int(bytes[start]) + 1) * 4
            guard (12...64).contains(length), bytes[start + 1] & 0x3F == 0 else { return false }
            let stored = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + length - 4 + $1]) << (8 * UInt32($1)) }
            return CRC32.of(Array(bytes[start..<(start + length - 4)])) == stored
        }
    }
}
