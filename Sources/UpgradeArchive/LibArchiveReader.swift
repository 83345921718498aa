import Archive
import UpgradePorts

/// Reads packages with libarchive, which here only reads and never finds out by itself what to do.
///
/// Memory stays bounded, whatever the bytes say: one piece of the file, one window of at most 8 MiB, 2 MiB of look-ahead, 4 MiB of headers.
/// Nothing may follow the compressed stream, nothing but zeros may follow the tar's end mark, and the end mark must be there.
/// libarchive 3.6 does not check the sums inside gzip: that the bytes are the right ones is for the digest and the signature of the whole
/// file to say, before it comes here. Source: architecture, "Bytes and trust".
package struct LibArchiveReader: ArchiveReader {
    /// A reader; it keeps nothing.
    package init() {}

    package func open(_ file: any TreeFile) throws(ArchiveFailure) -> any ArchiveStream {
        let head = try FilePieces.read(file, at: 0, max: Compression.headLength)
        let filter = try Compression.find(head)
        let pieces = try TarPieces(FilePieces(file, guard: Compression.makeGuard(for: filter)), filter: filter)
        do throws(ArchiveFault) {
            return LibArchiveStream(pieces: pieces, tar: try TarReader(source: pieces))
        } catch {
            throw pieces.failure ?? ArchiveFailure(.unknownFormat, "\(filter.rawValue) holds no tar: \(error)")
        }
    }
}
