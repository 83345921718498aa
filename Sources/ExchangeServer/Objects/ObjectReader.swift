import Glibc
import NIOCore

/// An open data file.
final class ObjectReader: Sendable {
    /// How much is read at once. Bytes; a download holds one such piece while its client takes nothing.
    static let chunkBytes = 64 * 1024

    private let descriptor: Int32
    private let path: String

    /// Nil when there is no such file.
    init?(path: String) throws {
        self.path = path
        descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        if descriptor >= 0 { return }
        if errno == ENOENT { return nil }
        throw FileFailure("open the file", path)
    }

    deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

    /// Up to `count` bytes from this offset; fewer only at the end of the file.
    func read(at offset: Int64, count: Int) throws -> ByteBuffer {
        var buffer = ByteBuffer()
        try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
            var filled = 0
            while filled < count {
                let got = pread(descriptor, space.baseAddress?.advanced(by: filled), count - filled, off_t(offset) + filled)
                if got < 0 && errno == EINTR { continue }
                if got < 0 { throw FileFailure("read the file", path) }
                if got == 0 { break }
                filled += got
            }
            return filled
        }
        return buffer
    }
}
