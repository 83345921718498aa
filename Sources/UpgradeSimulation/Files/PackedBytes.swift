/// Bytes with many zeros among them, as a journal has them: in blocks, of which the zeros at the end are counted and not kept.
struct PackedBytes: Hashable, Sendable {
    private static let blockBytes = 1024

    /// What is left of all blocks.
    private var kept: [UInt8] = []
    /// How much of that is of each block.
    private var lengths: [UInt16] = []
    private let count: Int

    /// Packs these.
    init(_ bytes: [UInt8]) {
        count = bytes.count
        for start in stride(from: 0, to: bytes.count, by: PackedBytes.blockBytes) {
            let block = bytes[start..<min(start + PackedBytes.blockBytes, bytes.count)]
            let length = PackedBytes.lengthWithoutZeros(block)
            kept += block.prefix(length)
            lengths.append(UInt16(length))
        }
        // In room of just their size.
        (kept, lengths) = (kept.map { $0 }, lengths.map { $0 })
    }

    /// All of them.
    var bytes: [UInt8] {
        var all = [UInt8](repeating: 0, count: count)
        var start = 0
        for (block, length) in lengths.enumerated() {
            let first = block * PackedBytes.blockBytes
            all.replaceSubrange(first..<(first + Int(length)), with: kept[start..<(start + Int(length))])
            start += Int(length)
        }
        return all
    }

    /// Eight at a time: byte by byte takes most of the time of a run that is not optimized.
    private static func lengthWithoutZeros(_ block: ArraySlice<UInt8>) -> Int {
        block.withUnsafeBytes { raw in
            var length = raw.count
            while length >= 8, raw.loadUnaligned(fromByteOffset: length - 8, as: UInt64.self) == 0 { length -= 8 }
            while length > 0, raw[length - 1] == 0 { length -= 1 }
            return length
        }
    }
}
