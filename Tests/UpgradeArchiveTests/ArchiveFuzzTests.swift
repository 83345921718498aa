import Foundation
import Testing
import UpgradePorts

@Suite("Mutated archives are read or refused, never more")
struct ArchiveFuzzTests {
    private static let seed: UInt64 = 20_260_101

    private var tar: [UInt8] {
        var generator = SeededGenerator(seed: 5)
        var tar = TarBuilder()
        tar.add("bin/", type: "5", mode: 0o755)
        tar.add("bin/program", mode: 0o755, data: (0..<5000).map { _ in UInt8.random(in: 0...31, using: &generator) })
        tar.addPax("path", "share/grüße")
        tar.add("pax", data: Array("hello".utf8))
        tar.add("sparse", type: "S", data: Array(repeating: 1, count: 512), magic: "ustar  \0", realLength: 4096)
        tar.add("long", type: "L", data: Array((String(repeating: "n", count: 150) + "\0").utf8), magic: "ustar  \0")
        tar.add("n", data: [1, 2, 3], magic: "ustar  \0")
        return tar.ended
    }

    @Test(arguments: ["cat", "gzip", "zstd", "xz"])
    func fiveHundredOfEach(compressor: String) throws {
        let whole = try Tools.run(compressor, input: tar)
        var generator = SeededGenerator(seed: Self.seed)
        var taken = 0
        for _ in 0..<500 {
            let read = ReadArchive(mutated(whole, &generator))
            if read.failure == nil { taken += 1 }
            #expect(read.entries.count < 100)
        }
        #expect(taken < 500)
    }

    @Test func headersWithRightChecksums() {
        let whole = tar
        var generator = SeededGenerator(seed: Self.seed)
        for _ in 0..<1000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let block = Int.random(in: 0..<(bytes.count / 512), using: &generator) * 512
                bytes[block + Int.random(in: 0..<512, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
                bytes.replaceSubrange(block..<(block + 512), with: TarBuilder.sealed(Array(bytes[block..<(block + 512)])))
            }
            #expect(ReadArchive(bytes).entries.count < 100)
        }
    }

    private func mutated(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...5, using: &generator) where bytes.count > 16 {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0, 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 2: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 3: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...40, using: &generator)))
            case 4:
                bytes.insert(
                    contentsOf: bytes[place..<min(bytes.count, place + 64)], at: Int.random(in: 0...bytes.count, using: &generator))
            default: bytes.removeLast(Int.random(in: 0..<(bytes.count / 2), using: &generator))
            }
        }
        return bytes
    }
}
