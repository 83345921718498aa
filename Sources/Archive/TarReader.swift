import CArchive

/// Reads the entries of an uncompressed tar (ustar, pax, GNU); no other format, no compression, nothing is ever written.
package final class TarReader {
    private let handle: ReadHandle
    private var hasEntry = false

    /// Bytes that the headers of one entry may take. GNU's lists of holes have no bound of their own and are kept in memory.
    private static let headersLengthMax = 4 << 20

    /// Begins to read. Errors: no tar.
    package init(source: any PieceSource) throws(ArchiveFault) {
        handle = try ReadHandle(source: source)
        try handle.check(archive_read_support_format_tar(handle.pointer))
        try handle.open()
    }

    /// Where the header, or the end mark, that was read last begins in the stream.
    package var headerPosition: Int64 { archive_read_header_position(handle.pointer) }

    /// The next entry; nil at the end mark and at the end of the stream. Skips what was not read of the present one.
    package func next() throws(ArchiveFault) -> TarHeader? {
        if hasEntry { try handle.check(archive_read_data_skip(handle.pointer)) }
        hasEntry = false
        handle.allowance = TarReader.headersLengthMax
        defer { handle.allowance = nil }
        var entry: OpaquePointer?
        switch archive_read_next_header(handle.pointer, &entry) {
        case ARCHIVE_EOF: return nil
        case ARCHIVE_OK: break
        case ARCHIVE_WARN where archive_errno(handle.pointer) == uplift_archive_error_conversion: break
        default: throw handle.fault()
        }
        guard let entry else { throw handle.fault() }
        hasEntry = true
        return TarReader.header(entry)
    }

    /// Up to `max` further bytes of the present entry; empty at its end.
    package func read(max: Int) throws(ArchiveFault) -> [UInt8] {
        guard hasEntry, max > 0 else { return [] }
        var status = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: max) { buffer, count in
            status = archive_read_data(handle.pointer, buffer.baseAddress, max)
            count = Swift.max(status, 0)
        }
        guard status >= 0 else { throw handle.fault() }
        return bytes
    }

    private static func header(_ entry: OpaquePointer) -> TarHeader {
        let length = archive_entry_size_is_set(entry) != 0 ? archive_entry_size(entry) : nil
        return TarHeader(
            path: bytes(archive_entry_pathname(entry)) ?? [], kind: kind(entry), mode: UInt16(archive_entry_perm(entry) & 0o7777),
            length: length.map { Int64($0) })
    }

    private static func kind(_ entry: OpaquePointer) -> TarHeader.Kind {
        if let target = bytes(archive_entry_hardlink(entry)) { return .hardLink(to: target) }
        switch archive_entry_filetype(entry) {
        case uplift_archive_type_file: return archive_entry_sparse_count(entry) == 0 ? .file : .sparseFile
        case uplift_archive_type_directory: return .directory
        case uplift_archive_type_symbolic_link: return .symbolicLink(to: bytes(archive_entry_symlink(entry)) ?? [])
        case uplift_archive_type_socket: return .socket
        case uplift_archive_type_character_device: return .characterDevice
        case uplift_archive_type_block_device: return .blockDevice
        case uplift_archive_type_fifo: return .fifo
        default: return .unknown
        }
    }

    private static func bytes(_ text: UnsafePointer<CChar>?) -> [UInt8]? {
        guard let text else { return nil }
        // Not through String, which would repair what is no UTF-8.
        var length = 0
        while text[length] != 0 { length += 1 }
        return UnsafeRawBufferPointer(start: text, count: length).map { $0 }
    }
}
