import CArchive

/// One `struct archive` for reading, and the source that it reads through.
///
/// Bounds what libarchive can be talked into buffering: some of its parsers look ahead, or grow lists, for as long as the input goes on.
final class ReadHandle {
    /// The object of the library.
    let pointer: OpaquePointer
    /// Bytes that may still be delivered before the present call must be done; nil while there is no such bound.
    var allowance: Int?

    private let source: any PieceSource
    private var delivered: Int64 = 0
    private var objection: String?

    /// The most that may be delivered ahead of what was used. Pax headers need up to 1 MiB at once.
    private static let lookAheadMax: Int64 = 2 << 20

    init(source: any PieceSource) throws(ArchiveFault) {
        guard let pointer = archive_read_new() else { throw ArchiveFault(text: "no memory for an archive reader") }
        self.pointer = pointer
        self.source = source
    }

    deinit { archive_read_free(pointer) }

    /// Bytes of the source that were used so far.
    var consumed: Int64 { archive_filter_bytes(pointer, -1) }

    /// Begins to read. The formats and filters must be set before.
    func open() throws(ArchiveFault) {
        try check(archive_read_open(pointer, Unmanaged.passUnretained(self).toOpaque(), nil, readPiece, nil))
    }

    /// Lets success pass. A warning counts as a fault: among others it says that an external program would be run.
    func check(_ status: Int32) throws(ArchiveFault) {
        guard status == ARCHIVE_OK else { throw fault() }
    }

    /// Our objection to what the library wanted, or else its last error.
    func fault() -> ArchiveFault {
        let text = objection ?? archive_error_string(pointer).map { String(cString: $0) }
        return ArchiveFault(text: text ?? "the data ends too early or is damaged")
    }

    fileprivate func nextPiece() -> UnsafeRawBufferPointer? {
        guard delivered - consumed <= ReadHandle.lookAheadMax else {
            objection = "something in it, a name perhaps, is longer than \(ReadHandle.lookAheadMax) bytes"
            return nil
        }
        guard let piece = source.nextPiece() else { return nil }
        if let allowance {
            guard piece.count <= allowance else {
                objection = "the headers of one entry are longer than we allow"
                return nil
            }
            self.allowance = allowance - piece.count
        }
        delivered += Int64(piece.count)
        return piece
    }
}

private let readPiece: ReadCallback = { _, context, buffer in
    guard let context, let buffer else { return Int(ARCHIVE_FATAL) }
    let handle = Unmanaged<ReadHandle>.fromOpaque(context).takeUnretainedValue()
    guard let piece = handle.nextPiece() else { return Int(ARCHIVE_FATAL) }
    buffer.pointee = piece.baseAddress
    return piece.count
}

private typealias ReadCallback =
    @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?, UnsafeMutablePointer<UnsafeRawPointer?>?) -> Int
