import CArchive

/// Takes exactly one layer of compression off a stream.
///
/// Why exactly one, appended by us instead of found by libarchive: left to itself it takes off layer after layer, and the second one
/// would ask for memory that nobody looked at.
package final class FilterReader {
    /// The compressions that we take.
    package enum Filter: String, CaseIterable, Hashable, Sendable { case none, gzip, zstd, xz }

    private let handle: ReadHandle

    /// Begins to read. Errors: no byte could be decompressed.
    package init(_ filter: Filter, source: any PieceSource) throws(ArchiveFault) {
        handle = try ReadHandle(source: source)
        try handle.check(archive_read_support_format_raw(handle.pointer))
        switch filter {
        case .none: break
        case .gzip: try handle.check(archive_read_append_filter(handle.pointer, ARCHIVE_FILTER_GZIP))
        case .zstd: try handle.check(archive_read_append_filter(handle.pointer, ARCHIVE_FILTER_ZSTD))
        case .xz: try handle.check(archive_read_append_filter(handle.pointer, ARCHIVE_FILTER_XZ))
        }
        try handle.open()
        var entry: OpaquePointer?
        try handle.check(archive_read_next_header(handle.pointer, &entry))
    }

    /// Further decompressed bytes, valid until the next call; empty at the end of the compressed stream.
    package func next() throws(ArchiveFault) -> UnsafeRawBufferPointer {
        var start: UnsafeRawPointer?
        var count = 0
        var offset: la_int64_t = 0
        switch archive_read_data_block(handle.pointer, &start, &count, &offset) {
        case ARCHIVE_OK: return UnsafeRawBufferPointer(start: start, count: count)
        case ARCHIVE_EOF: return UnsafeRawBufferPointer(start: nil, count: 0)
        default: throw handle.fault()
        }
    }

    /// Compressed bytes that were used so far; at the end less than the source gave when something follows the compressed stream.
    package var consumed: Int64 { handle.consumed }
}
