import UpgradePorts

/// Walks the streams, blocks and chunks of an .xz file and checks the dictionary that each block asks for.
///
/// Every block header is seen, in every stream: a block may hide its length, but the LZMA2 chunks in it tell theirs. Filters before
/// LZMA2 are refused: they are rare, and each would be one more decoder for hostile bytes.
/// Checksums are left to the decompressor. Source: the .xz file format 1.1.0; LZMA2 chunk headers as in liblzma's decoder.
struct XzWalker: Walker {
    private enum Place {
        case streamOrPadding, streamHeader, blockOrIndex, blockHeader
        case chunk
        case chunkLengths(isCompressed: Bool, hasProperties: Bool)
        case indexCount
        case indexNumber
        case footer
    }

    static let first = Demand(take: 4)

    private let dictionaryMax: UInt64
    private var place = Place.streamOrPadding
    private var sawStream = false
    private var checkLength: Int64 = 0
    private var dataLength: Int64 = 0
    private var number = VariableNumber()
    private var indexLength: Int64 = 0
    private var indexNumbersLeft: UInt64 = 0

    init(dictionaryMax: UInt64) {
        self.dictionaryMax = dictionaryMax
    }

    var mayEnd: Bool {
        if case .streamOrPadding = place { return sawStream }
        return false
    }

    mutating func look(_ bytes: [UInt8]) throws(ArchiveFailure) -> Demand {
        switch place {
        case .streamOrPadding: try lookAtStreamOrPadding(bytes)
        case .streamHeader: try lookAtStreamHeader(bytes)
        case .blockOrIndex: lookAtBlockOrIndex(bytes[0])
        case .blockHeader: try lookAtBlockHeader(bytes)
        case .chunk: try lookAtChunk(bytes[0])
        case .chunkLengths(let isCompressed, let hasProperties): lookAtChunkLengths(bytes, isCompressed, hasProperties)
        case .indexCount, .indexNumber: try lookAtIndex(bytes[0])
        case .footer: try lookAtFooter(bytes)
        }
    }

    private mutating func go(to place: Place, _ demand: Demand) -> Demand {
        self.place = place
        return demand
    }

    private func damaged(_ what: String) -> ArchiveFailure { ArchiveFailure(.damaged, "xz: " + what) }

    // MARK: Streams

    private mutating func lookAtStreamOrPadding(_ bytes: [UInt8]) throws(ArchiveFailure) -> Demand {
        if bytes == [0xFD, 0x37, 0x7A, 0x58] { return go(to: .streamHeader, Demand(take: 8)) }
        guard sawStream, bytes == [0, 0, 0, 0] else { throw damaged("found no stream header, expected one or padding with zeros") }
        return go(to: .streamOrPadding, Demand(take: 4))
    }

    private mutating func lookAtStreamHeader(_ bytes: [UInt8]) throws(ArchiveFailure) -> Demand {
        guard bytes[0] == 0x5A, bytes[1] == 0, bytes[2] == 0, bytes[3] < 16 else { throw damaged("an unknown kind of stream header") }
        checkLength = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64][Int(bytes[3])]
        return go(to: .blockOrIndex, Demand(take: 1))
    }

    private mutating func lookAtFooter(_ bytes: [UInt8]) throws(ArchiveFailure) -> Demand {
        guard bytes.suffix(2) == [0x59, 0x5A] else { throw damaged("found no stream footer after the index") }
        sawStream = true
        return go(to: .streamOrPadding, Demand(take: 4))
    }

    // MARK: Blocks

    private mutating func lookAtBlockOrIndex(_ byte: UInt8) -> Demand {
        guard byte == 0 else { return go(to: .blockHeader, Demand(take: (Int(byte) + 1) * 4 - 1)) }
        indexLength = 1
        number = VariableNumber()
        return go(to: .indexCount, Demand(take: 1))
    }

    private mutating func lookAtBlockHeader(_ bytes: [UInt8]) throws(ArchiveFailure) -> Demand {
        guard let flags = bytes.first, flags & 0x3C == 0 else { throw damaged("a reserved bit is set in a block header") }
        var rest = bytes.dropFirst().dropLast(4)
        for bit: UInt8 in [0x40, 0x80] where flags & bit != 0 {
            guard VariableNumber.read(&rest) != nil else { throw damaged("a broken number in a block header") }
        }
        guard flags & 3 == 0, VariableNumber.read(&rest) == 0x21 else {
            throw ArchiveFailure(.unknownFormat, "xz: a block uses a filter other than LZMA2, expected LZMA2 alone")
        }
        guard VariableNumber.read(&rest) == 1, let code = rest.first, code <= 40 else { throw damaged("broken LZMA2 properties") }
        let dictionary = code == 40 ? UInt64(UInt32.max) : UInt64(2 | code & 1) << UInt64(code / 2 + 11)
        guard dictionary <= dictionaryMax else {
            throw ArchiveFailure(
                .windowTooLarge,
                "xz: a block asks for a dictionary of \(dictionary) bytes, expected at most \(dictionaryMax): pack with -6 or less")
        }
        dataLength = 0
        return go(to: .chunk, Demand(take: 1))
    }

    // MARK: LZMA2 chunks

    private mutating func lookAtChunk(_ control: UInt8) throws(ArchiveFailure) -> Demand {
        dataLength += 1
        switch control {
        case 0:
            let padding = (4 - dataLength % 4) % 4
            return go(to: .blockOrIndex, Demand(skip: padding + checkLength, take: 1))
        case 1, 2: return go(to: .chunkLengths(isCompressed: false, hasProperties: false), Demand(take: 2))
        case 0x80...: return go(to: .chunkLengths(isCompressed: true, hasProperties: control >= 0xC0), Demand(take: 4))
        default: throw damaged("an unknown kind of LZMA2 chunk")
        }
    }

    private mutating func lookAtChunkLengths(_ bytes: [UInt8], _ isCompressed: Bool, _ hasProperties: Bool) -> Demand {
        let stored = Int64(bytes[bytes.count - 2]) << 8 + Int64(bytes[bytes.count - 1]) + 1 + (hasProperties ? 1 : 0)
        dataLength += Int64(bytes.count) + stored
        return go(to: .chunk, Demand(skip: stored, take: 1))
    }

    // MARK: Index

    private mutating func lookAtIndex(_ byte: UInt8) throws(ArchiveFailure) -> Demand {
        indexLength += 1
        guard number.add(byte) else { throw damaged("a broken number in the index") }
        guard number.isComplete else { return Demand(take: 1) }
        if case .indexCount = place {
            guard number.value < 1 << 62 else { throw damaged("an index of impossible length") }
            indexNumbersLeft = number.value * 2
        } else {
            indexNumbersLeft -= 1
        }
        number = VariableNumber()
        if indexNumbersLeft > 0 { return go(to: .indexNumber, Demand(take: 1)) }
        let padding = (4 - indexLength % 4) % 4
        return go(to: .footer, Demand(skip: padding + 4, take: 12))
    }
}

/// A number in seven-bit groups, lowest first, as .xz files store it.
private struct VariableNumber {
    private(set) var value: UInt64 = 0
    private(set) var isComplete = false
    private var length: UInt64 = 0

    /// Takes one more byte; false when the number gets longer than it may.
    mutating func add(_ byte: UInt8) -> Bool {
        guard length < 9 else { return false }
        value |= UInt64(byte & 0x7F) << (7 * length)
        length += 1
        isComplete = byte & 0x80 == 0
        return true
    }

    /// Takes a whole number off the front; nil when there is none.
    static func read(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
        var number = VariableNumber()
        while let byte = bytes.popFirst() {
            guard number.add(byte) else { return nil }
            if number.isComplete { return number.value }
        }
        return nil
    }
}
