import Foundation
import Testing
import UpgradeArchive
import UpgradeCore
import UpgradeModel
import UpgradePorts

@Suite("Hostile and damaged archives")
struct HostileArchiveTests {
    private func refusal(_ build: (inout TarBuilder) -> Void) -> UnpackRefusal.Word? {
        var tar = TarBuilder()
        build(&tar)
        let read = ReadArchive(tar.ended)
        #expect(read.failure == nil)
        return read.refusal?.word
    }

    @Test(arguments: [
        ("../x", UnpackRefusal.Word.pathClimbs), ("a/../../x", .pathClimbs), ("/etc/passwd", .pathAbsolute),
        ("a\u{1b}[1m", .pathNotVisible),
        ("a//b", .pathNotAllowed), ("", .pathEmpty),
    ])
    func namesThatLeadElsewhere(name: String, word: UnpackRefusal.Word) {
        #expect(refusal { $0.add(name, data: [1]) } == word)
        if !name.isEmpty {
            #expect(
                refusal {
                    $0.addPax("path", name)
                    $0.add("harmless", data: [1])
                } == word)
        }
    }

    @Test func namesThatAreNoText() {
        #expect(refusal { $0.add(rawName: [0x61, 0xFF, 0xFE]) } == .pathNotText)
    }

    @Test(arguments: [
        (Character("2"), UnpackRefusal.Word.symbolicLink), ("1", .hardLink), ("3", .specialFile), ("4", .specialFile), ("6", .specialFile),
    ])
    func linksAndDevices(type: Character, word: UnpackRefusal.Word) {
        #expect(refusal { $0.add("x", type: type, link: "../secret") } == word)
        #expect(refusal { $0.add("x", type: type, link: "ü") } == word)
    }

    @Test func linksInPaxHeadersAreStillLinks() {
        #expect(
            refusal {
                $0.addPax("comment", "x")
                $0.add("x", type: "1", data: [1, 2, 3], link: "y")
            } == .hardLink)
        // libarchive forgets a hard link's target that it cannot convert to the locale; without a kind it is refused all the same.
        for (type, word) in [(Character("1"), UnpackRefusal.Word.specialFile), ("2", .symbolicLink)] {
            #expect(
                refusal {
                    $0.addPax("linkpath", "grüße")
                    $0.add("x", type: type)
                } == word)
        }
    }

    @Test func specialBits() {
        #expect(refusal { $0.add("x", mode: 0o4755) } == .specialMode)
        #expect(refusal { $0.add("x", mode: 0o2755) } == .specialMode)
        #expect(refusal { $0.add("x", type: "5", mode: 0o1777) } == .specialMode)
    }

    @Test func twoEntriesForOnePath() {
        #expect(
            refusal {
                $0.add("x")
                $0.add("./x")
            } == .duplicatePath)
        #expect(
            refusal {
                $0.add("x")
                $0.add("x/y")
            } == .fileAsFolder)
    }

    @Test func tenGigabytesInAHeader() throws {
        var tar = TarBuilder()
        tar.add("big", length: 10 << 30)
        let stream = try LibArchiveReader().open(MemoryFile(tar.ended))
        let entry = try #require(try stream.next())
        #expect(entry.length == 10 << 30)
        var rules = UnpackRules()
        #expect(throws: UnpackRefusal.self) { try rules.accept(entry) }
        #expect(throws: ArchiveFailure.self) { try stream.next() }
        #expect(throws: ArchiveFailure.self) { try stream.next() }
    }

    @Test func sparseFilesAreRefusedByName() throws {
        let gnu = "ustar  \0"
        #expect(refusal { $0.add("sparse", type: "S", data: Array(repeating: 1, count: 512), magic: gnu, realLength: 10 << 30) } != nil)
        #expect(
            refusal { $0.add("sparse", type: "S", data: Array(repeating: 1, count: 512), magic: gnu, realLength: 1 << 20) } == .specialFile)
        let folder = try ScratchFolder()
        _ = try Tools.run("truncate -s 300K hole; printf x >> hole; truncate -s 1M hole", in: folder.url)
        for form in [
            "--format=gnu", "--format=pax --sparse-version=0.0", "--format=pax --sparse-version=0.1", "--format=pax --sparse-version=1.0",
        ] {
            let read = ReadArchive(try Tools.run("tar -S \(form) -cf - hole", in: folder.url))
            #expect(read.failure == nil)
            #expect(read.refusal?.word == .specialFile, "\(form)")
        }
    }

    @Test func endlessListOfHolesIsStopped() {
        let gnu = "ustar  \0"
        var header = TarBuilder.header(name: [0x61], type: "S", mode: 0o644, length: 512, link: "", magic: gnu, realLength: 1 << 40)
        header[482] = 1
        let start = TarBuilder.sealed(header)
        let hole = Array("00000000001\0".utf8) + Array("00000000000\0".utf8)
        let list = Array(repeatElement(hole, count: 21).joined()) + [1, 0, 0, 0, 0, 0, 0, 0]
        let failure = ReadArchive(Self.endless { $0 < 512 ? start[Int($0)] : list[Int($0 % 512)] }).failure
        #expect(failure?.explanation.contains("headers of one entry are longer") == true)
    }

    @Test func endlessNameInAGzipHeaderIsStopped() {
        let head: [UInt8] = [0x1F, 0x8B, 8, 8, 0, 0, 0, 0, 0, 3]
        let failure = ReadArchive(Self.endless { $0 < 10 ? head[Int($0)] : 0x61 }).failure
        #expect(failure?.explanation.contains("is longer than 2097152 bytes") == true)
    }

    /// A gigabyte of which nobody may read more than the first 16 MiB.
    private static func endless(_ byte: @escaping @Sendable (Int64) -> UInt8) -> MemoryFile {
        MemoryFile(length: 1 << 30) { (offset: Int64, count: Int) throws(FileError) -> [UInt8] in
            guard offset < 16 << 20 else { throw FileError(.other, operation: "read", path: .root, reason: "read too far") }
            return (offset..<(offset + Int64(count))).map(byte)
        }
    }

    @Test func aMillionEntriesStopAtTheLimit() throws {
        let block = TarBuilder.header(
            name: Array("f0000000".utf8), type: "0", mode: 0o644, length: 0, link: "", magic: "ustar\0" + "00", realLength: nil)
        let file = MemoryFile(length: 512 * 1_000_000 + 1024) { offset, count in
            var bytes: [UInt8] = []
            var number = offset / 512
            while bytes.count < count + 512 {
                var header = number < 1_000_000 ? block : [UInt8](repeating: 0, count: 512)
                if number < 1_000_000 {
                    header.replaceSubrange(1..<8, with: Array(String(10_000_000 + number).utf8.dropFirst()))
                    header = TarBuilder.sealed(header)
                }
                bytes += header
                number += 1
            }
            let start = Int(offset % 512)
            return Array(bytes[start..<(start + count)])
        }
        let stream = try LibArchiveReader().open(file)
        var rules = UnpackRules()
        var refused: UnpackRefusal?
        while refused == nil, let entry = try stream.next() {
            do throws(UnpackRefusal) { _ = try rules.accept(entry) } catch { refused = error }
        }
        #expect(refused?.word == .tooManyEntries)
        #expect(rules.count == 20_001)
    }

    @Test(arguments: ["cat", "gzip", "zstd", "xz"])
    func everyCutIsDamage(compressor: String) throws {
        var tar = TarBuilder()
        tar.add("folder/", type: "5", mode: 0o755)
        tar.add("folder/a", data: Array("some text, some more text".utf8))
        tar.add("folder/b", data: Array(repeating: 0, count: 2048))
        let whole = try Tools.run(compressor, input: tar.ended)
        #expect(ReadArchive(whole).failure == nil)
        let places =
            compressor == "cat" ? Array(stride(from: 1, to: whole.count, by: 64)) + [512, 1024, whole.count - 1] : Array(1..<whole.count)
        for length in places {
            let failure = ReadArchive(Array(whole.prefix(length))).failure
            #expect(failure != nil, "\(compressor) cut to \(length) of \(whole.count) bytes was taken")
            if compressor != "cat", length > 20 { #expect(failure?.kind == .damaged, "\(compressor) \(length)") }
        }
    }

    @Test(arguments: ["cat", "gzip", "zstd", "xz"])
    func nothingMayFollow(compressor: String) throws {
        var tar = TarBuilder()
        tar.add("a", data: [1])
        let whole = try Tools.run(compressor, input: tar.ended)
        for rest in [[UInt8(7)], [0x1F, 0x8B], Array("trailing garbage of some length".utf8)] {
            #expect(ReadArchive(whole + rest).failure?.kind == .damaged, "\(compressor) with \(rest.count) bytes behind")
        }
        var other = TarBuilder()
        other.add("b", data: [2])
        #expect(ReadArchive(try Tools.run(compressor, input: tar.ended + other.ended)).failure?.kind == .damaged)
        #expect(ReadArchive(try Tools.run(compressor, input: tar.ended + Array(repeating: 0, count: 9000))).failure == nil)
    }

    @Test func endlessPaddingIsStopped() throws {
        let folder = try ScratchFolder()
        var tar = TarBuilder()
        tar.add("a", data: [1])
        try folder.write("tar", tar.ended)
        let bomb = try Tools.run("(cat tar; head -c 200M /dev/zero) | zstd -1", in: folder.url)
        let failure = ReadArchive(bomb).failure
        #expect(failure?.kind == .damaged)
        #expect(failure?.explanation.contains("behind its end mark") == true)
    }

    @Test func damagedHeadersAreDamage() {
        var tar = TarBuilder()
        tar.add("a", data: [1])
        tar.add("b", data: [2])
        var bytes = tar.ended
        bytes[1024 + 10] ^= 1
        let read = ReadArchive(bytes)
        #expect(read.names == ["a"])
        #expect(read.failure?.kind == .damaged)
    }
}
