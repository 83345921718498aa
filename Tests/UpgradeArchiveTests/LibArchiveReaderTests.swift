import Foundation
import Testing
import UpgradeArchive
import UpgradeModel
import UpgradePorts

@Suite("Packages as tar and the compressors write them")
struct LibArchiveReaderTests {
    static let compressors = [
        "cat", "gzip -9", "zstd -3", "zstd -19", "xz -6", "xz -0", "xz -6 -T2 --block-size=65536", "xz -6 -Csha256", "xz -6 -Cnone",
    ]

    /// More than several pieces of the file and blocks of xz.
    private static let program: [UInt8] = {
        var generator = SeededGenerator(seed: 1)
        return (0..<500_000).map { _ in UInt8(truncatingIfNeeded: generator.next() & 15) }
    }()

    private func package() throws -> ScratchFolder {
        let folder = try ScratchFolder()
        try folder.write("bin/upliftd", Self.program, mode: 0o755)
        try folder.write("share/empty", [])
        try folder.write("share/grüße.txt", Array("hello\n".utf8))
        try folder.write("share/" + String(repeating: "long", count: 22) + "/" + String(repeating: "name", count: 24), [1, 2, 3])
        return folder
    }

    @Test(arguments: compressors, ["gnu", "pax", "ustar"])
    func everyFormAndCompressionReadsTheSame(compressor: String, form: String) throws {
        let folder = try package()
        let options = "--sort=name --owner=0 --group=0 --format=\(form)"
        let read = ReadArchive(try Tools.run("tar -cf - \(options) . | \(compressor)", in: folder.url))
        #expect(read.failure == nil)
        #expect(read.refusal == nil)
        #expect(read.names.first == "./")
        #expect(read.entries.count == 8)
        #expect(read.contents.count == 4)
        for (name, contents) in read.contents {
            #expect(contents == Array(try Data(contentsOf: folder.url.appending(path: name))), "\(name)")
        }
        #expect(read.contents["./share/grüße.txt"] == Array("hello\n".utf8))
        #expect(read.entries.first { $0.path == "./bin/upliftd" }?.mode == 0o755)
    }

    @Test func unreadDataIsSkipped() throws {
        let folder = try package()
        let bytes = try Tools.run("tar -cf - --sort=name . | zstd", in: folder.url)
        let stream = try LibArchiveReader().open(MemoryFile(bytes))
        var names: [String] = []
        while let entry = try stream.next() {
            names.append(entry.path ?? "?")
            if entry.kind == .file { _ = try stream.read(max: 10) }
        }
        #expect(names.count == 8)
        #expect(try stream.read(max: 10).isEmpty)
    }

    @Test func severalMembersFramesAndStreamsAreOneArchive() throws {
        var tar = TarBuilder()
        tar.add("a", data: Array(repeating: 65, count: 3000))
        let (front, back) = (Array(tar.ended.prefix(1000)), Array(tar.ended.dropFirst(1000)))
        for compressor in ["gzip", "zstd", "xz"] {
            let bytes = try Tools.run(compressor, input: front) + (try Tools.run(compressor, input: back))
            let read = ReadArchive(bytes)
            #expect(read.failure == nil, "\(compressor)")
            #expect(read.contents["a"]?.count == 3000)
        }
    }

    @Test func zstdSkippableFramesAndXzPaddingPass() throws {
        var tar = TarBuilder()
        tar.add("a", data: [1])
        let skippable: [UInt8] = [0x5A, 0x2A, 0x4D, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5]
        let zstd = try Tools.run("zstd", input: tar.ended)
        #expect(ReadArchive(skippable + zstd + skippable).failure == nil)
        let xz = try Tools.run("xz", input: tar.ended)
        #expect(ReadArchive(xz + [0, 0, 0, 0]).failure == nil)
        #expect(ReadArchive(xz + [0, 0, 0]).failure?.kind == .damaged)
    }

    @Test(arguments: ["gzip", "zstd", "xz"])
    func onlyOneLayerIsTakenOff(compressor: String) throws {
        var tar = TarBuilder()
        tar.add("a", data: [1])
        let twice = try Tools.run("\(compressor) | \(compressor)", input: tar.ended)
        #expect(ReadArchive(twice).failure?.kind == .unknownFormat)
    }

    @Test(arguments: ["bzip2", "lz4", "lzma", "compress"])
    func otherCompressionsAreUnknown(name: String) {
        let heads: [String: [UInt8]] = [
            "bzip2": Array("BZh91AY&SY".utf8), "lz4": [4, 0x22, 0x4D, 0x18], "lzma": [0x5D, 0, 0, 0x80, 0], "compress": [0x1F, 0x9D, 0x90],
        ]
        let read = ReadArchive((heads[name] ?? []) + Array(repeating: 7, count: 2000))
        #expect(read.failure?.kind == .unknownFormat)
        #expect(read.failure?.explanation.contains("expected a tar") == true)
    }

    @Test func otherFormatsAreUnknown() throws {
        #expect(ReadArchive([]).failure?.kind == .unknownFormat)
        #expect(ReadArchive(Array("PK\u{3}\u{4}".utf8) + Array(repeating: 0, count: 600)).failure?.kind == .unknownFormat)
        #expect(ReadArchive(Array("070701".utf8) + Array(repeating: 48, count: 600)).failure?.kind == .unknownFormat)
        #expect(ReadArchive(try Tools.run("gzip", input: Array("no tar at all".utf8))).failure?.kind == .unknownFormat)
        #expect(ReadArchive(try Tools.run("gzip", input: [])).failure != nil)
    }

    @Test func errorsOfTheFileComeThrough() throws {
        var tar = TarBuilder()
        tar.add("a", data: Array(repeating: 1, count: 1_000_000))
        let bytes = tar.ended
        let file = MemoryFile(length: Int64(bytes.count)) { (offset: Int64, count: Int) throws(FileError) -> [UInt8] in
            guard offset < 300_000 else { throw FileError(.other, operation: "read", path: .root, code: 5, reason: "Input/output error") }
            return Array(bytes[Int(offset)..<(Int(offset) + count)])
        }
        let read = ReadArchive(file)
        #expect(read.failure?.kind == .unreadable)
        #expect(read.failure?.explanation.contains("Input/output error") == true)
    }
}
