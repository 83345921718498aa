import UpgradePorts

/// Walks the frames and blocks of a zstd stream and checks the window that each frame asks for.
///
/// Every frame is seen, because blocks tell their length: nothing has to be decompressed for it. Source: RFC 8878, section 3.
struct ZstdWalker: Walker {
    private enum Place { case magic, skippableLength, frameDescriptor, frameHeader, block }

    static let first = Demand(take: 4)

    private let windowMax: UInt64
    private var place = Place.magic
    private var descriptor: UInt8 = 0

    init(windowMax: UInt64) {
        self.windowMax = windowMax
    }

    var mayEnd: Bool { place == .magic }

    mutating func look(_ bytes: [UInt8]) throws(ArchiveFailure) -> Demand {
        switch place {
        case .magic: try lookAtMagic(littleEndian(bytes))
        case .skippableLength: go(to: .magic, Demand(skip: Int64(littleEndian(bytes)), take: 4))
        case .frameDescriptor: try lookAtDescriptor(bytes[0])
        case .frameHeader: try lookAtHeader(bytes)
        case .block: try lookAtBlock(littleEndian(bytes))
        }
    }

    private mutating func go(to place: Place, _ demand: Demand) -> Demand {
        self.place = place
        return demand
    }

    private mutating func lookAtMagic(_ magic: UInt64) throws(ArchiveFailure) -> Demand {
        if magic == 0xFD2F_B528 { return go(to: .frameDescriptor, Demand(take: 1)) }
        if magic & 0xFFFF_FFF0 == 0x184D_2A50 { return go(to: .skippableLength, Demand(take: 4)) }
        throw ArchiveFailure(.damaged, "zstd: found \(String(magic, radix: 16)) where a frame begins, expected fd2fb528")
    }

    private mutating func lookAtDescriptor(_ byte: UInt8) throws(ArchiveFailure) -> Demand {
        guard byte & 0b1000 == 0 else { throw ArchiveFailure(.damaged, "zstd: a reserved bit is set in a frame header") }
        guard byte & 0b11 == 0 else { throw ArchiveFailure(.unknownFormat, "zstd: a frame needs a dictionary, expected none") }
        descriptor = byte
        // A frame of a single segment has no window byte: the contents' length stands for it.
        return go(to: .frameHeader, Demand(take: isSingleSegment ? contentLengthWidth : contentLengthWidth + 1))
    }

    private mutating func lookAtHeader(_ bytes: [UInt8]) throws(ArchiveFailure) -> Demand {
        let window: UInt64
        if isSingleSegment {
            window = littleEndian(bytes) + (contentLengthWidth == 2 ? 256 : 0)
        } else {
            let base = UInt64(1) << (10 + UInt64(bytes[0] >> 3))
            window = base + base / 8 * UInt64(bytes[0] & 7)
        }
        guard window <= windowMax else {
            throw ArchiveFailure(
                .windowTooLarge,
                "zstd: a frame asks for a window of \(window) bytes, expected at most \(windowMax): pack without --long or --ultra")
        }
        return go(to: .block, Demand(take: 3))
    }

    private mutating func lookAtBlock(_ header: UInt64) throws(ArchiveFailure) -> Demand {
        let kind = header >> 1 & 3
        guard kind != 3 else { throw ArchiveFailure(.damaged, "zstd: a block of the reserved kind") }
        // A block of one repeated byte stores that byte alone.
        let stored = kind == 1 ? 1 : Int64(header >> 3)
        guard header & 1 == 1 else { return go(to: .block, Demand(skip: stored, take: 3)) }
        return go(to: .magic, Demand(skip: stored + (descriptor & 0b100 == 0 ? 0 : 4), take: 4))
    }

    private var isSingleSegment: Bool { descriptor & 0b10_0000 != 0 }

    private var contentLengthWidth: Int {
        switch descriptor >> 6 {
        case 0: isSingleSegment ? 1 : 0
        case 1: 2
        case 2: 4
        default: 8
        }
    }
}

/// The number that up to eight bytes spell, lowest first.
private func littleEndian(_ bytes: [UInt8]) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
}
