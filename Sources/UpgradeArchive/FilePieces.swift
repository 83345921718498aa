import Archive
import UpgradePorts

/// The bytes of an archive file, read through the port and looked at by the guard before anything else sees them.
final class FilePieces: PieceSource {
    /// Why there is no next piece; nil as long as all is well.
    private(set) var failure: ArchiveFailure?

    private let file: any TreeFile
    private var streamGuard: (any StreamGuard)?
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceLength, alignment: 16)
    private var offset: Int64 = 0
    private static let pieceLength = 128 * 1024

    init(_ file: any TreeFile, guard streamGuard: (any StreamGuard)?) {
        self.file = file
        self.streamGuard = streamGuard
    }

    deinit { buffer.deallocate() }

    func nextPiece() -> UnsafeRawBufferPointer? {
        guard failure == nil else { return nil }
        do throws(ArchiveFailure) {
            let bytes = try FilePieces.read(file, at: offset, max: FilePieces.pieceLength)
            buffer.copyBytes(from: bytes)
            let piece = UnsafeRawBufferPointer(rebasing: buffer[..<bytes.count])
            try streamGuard?.inspect(piece)
            offset += Int64(bytes.count)
            return piece
        } catch {
            failure = error
            return nil
        }
    }

    /// Makes sure that the compressed stream ends where the file does. Errors: `.damaged` when it is cut or something follows.
    func finish(consumed: Int64) throws(ArchiveFailure) {
        try streamGuard?.finish()
        let length: Int64
        do { length = try file.length() } catch { throw ArchiveFailure(.unreadable, error.description) }
        guard consumed == length else {
            throw ArchiveFailure(.damaged, "the archive ends after \(consumed) of \(length) bytes: expected nothing behind its end")
        }
    }

    /// Reads a piece of the file with the port's errors in our words.
    static func read(_ file: any TreeFile, at offset: Int64, max: Int) throws(ArchiveFailure) -> [UInt8] {
        do {
            // Never more than asked for, whatever the adapter gives: the buffer has a fixed length.
            return Array(try file.read(at: offset, max: max).prefix(max))
        } catch {
            throw ArchiveFailure(.unreadable, error.description)
        }
    }
}
