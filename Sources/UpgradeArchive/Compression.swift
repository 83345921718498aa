import Archive
import UpgradePorts

/// How an archive is compressed, found by its first bytes: names lie, `….tar.gz` may hold zstd or xz.
enum Compression {
    /// Windows and dictionaries above this are refused: 8 MiB, which `zstd -19` and `xz -6` still stay within.
    static let windowMax: UInt64 = 8 << 20
    /// Bytes that `find` wants to see: a whole tar header.
    static let headLength = 512

    /// The compression that the first bytes show. Errors: `.unknownFormat`.
    static func find(_ head: [UInt8]) throws(ArchiveFailure) -> FilterReader.Filter {
        if head.starts(with: [0x1F, 0x8B, 0x08]) { return .gzip }
        if head.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]) { return .xz }
        if head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) || isSkippableFrame(head) { return .zstd }
        if head.count == headLength, head[257...].starts(with: Array("ustar".utf8)) { return .none }
        let found = head.isEmpty ? "an empty file" : "first bytes " + head.prefix(6).map { String($0, radix: 16) }.joined(separator: " ")
        throw ArchiveFailure(.unknownFormat, "found \(found), expected a tar, plain or compressed with gzip, zstd or xz")
    }

    /// What watches over the memory that the decompressor takes; nil where the format itself bounds it.
    static func makeGuard(for filter: FilterReader.Filter) -> (any StreamGuard)? {
        switch filter {
        case .none, .gzip: nil
        case .zstd: StreamWalk(ZstdWalker(windowMax: windowMax))
        case .xz: StreamWalk(XzWalker(dictionaryMax: windowMax))
        }
    }

    private static func isSkippableFrame(_ head: [UInt8]) -> Bool {
        head.count >= 4 && head[0] & 0xF0 == 0x50 && head[1...3].elementsEqual([0x2A, 0x4D, 0x18])
    }
}
