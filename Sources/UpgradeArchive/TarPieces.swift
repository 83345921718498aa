import Archive
import UpgradePorts

/// The decompressed bytes of an archive on their way to the tar reader; remembers how they end.
final class TarPieces: PieceSource {
    /// Why there is no next piece; nil as long as all is well.
    private(set) var failure: ArchiveFailure?
    /// Bytes given so far.
    private(set) var count: Int64 = 0
    /// Zero bytes at the end of those given so far.
    private var zeros: Int64 = 0

    private let file: FilePieces
    private let filter: FilterReader

    /// Two blocks of zeros end a tar.
    private static let endMarkLength: Int64 = 1024
    /// How far zeros may go on behind the end mark, since decompressing them costs time.
    private static let paddingMax: Int64 = 16 << 20

    init(_ file: FilePieces, filter: FilterReader.Filter) throws(ArchiveFailure) {
        self.file = file
        do throws(ArchiveFault) {
            self.filter = try FilterReader(filter, source: file)
        } catch {
            throw file.failure ?? TarPieces.damaged(error)
        }
    }

    func nextPiece() -> UnsafeRawBufferPointer? {
        guard failure == nil else { return nil }
        do throws(ArchiveFault) {
            let piece = try filter.next()
            count += Int64(piece.count)
            if let last = piece.lastIndex(where: { $0 != 0 }) { zeros = Int64(piece.count - 1 - last) } else { zeros += Int64(piece.count) }
            return piece
        } catch {
            failure = file.failure ?? TarPieces.damaged(error)
            return nil
        }
    }

    /// Reads to the very end and makes sure that from `endMark` on there is a whole end mark, zeros, and nothing else, in the tar and
    /// in the file. Errors: `.damaged`; a cut behind the last entry is found here.
    func finish(endMark: Int64) throws(ArchiveFailure) {
        while let piece = nextPiece(), !piece.isEmpty {
            guard count - endMark <= TarPieces.paddingMax else {
                throw TarPieces.damaged("more than \(TarPieces.paddingMax) bytes behind its end mark")
            }
        }
        if let failure { throw failure }
        guard count - endMark >= TarPieces.endMarkLength else { throw TarPieces.damaged("no end mark: it is cut off at an entry") }
        guard count - zeros <= endMark else { throw TarPieces.damaged("something other than zeros behind its end mark") }
        try file.finish(consumed: filter.consumed)
    }

    private static func damaged(_ fault: ArchiveFault) -> ArchiveFailure {
        ArchiveFailure(.damaged, "cannot decompress the archive: \(fault)")
    }

    private static func damaged(_ what: String) -> ArchiveFailure { ArchiveFailure(.damaged, "the tar has \(what)") }
}
