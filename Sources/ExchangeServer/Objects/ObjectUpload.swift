import LibCrypto
import Glibc
import NIOCore

/// An object's new bytes on their way into a file. Used by one request at a time, on the file threads.
final class ObjectUpload: @unchecked Sendable {
    private let folder: String
    private let name: String
    private var descriptor: Int32
    private let digest = SHA256()
    private(set) var bytes: Int64 = 0

    init(folder: String) throws {
        self.folder = folder
        name = hexText(try SecretBytes.random(16))
        let path = folder + "/" + name + ".partial"
        descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw FileFailure("create the file", path) }
    }

    deinit { discard() }

    /// Takes the next bytes.
    func append(_ buffer: ByteBuffer) throws {
        try buffer.withUnsafeReadableBytes { chunk in
            digest.update(chunk)
            var rest = chunk
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if written < 0 && errno == EINTR { continue }
                if written < 0 { throw FileFailure("write to the file", folder + "/" + name) }
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            }
        }
        bytes += Int64(buffer.readableBytes)
    }

    /// Makes the bytes durable under their final name.
    func finish() throws -> FinishedUpload {
        let path = folder + "/" + name
        if fsync(descriptor) != 0 { throw FileFailure("sync the file", path) }
        Glibc.close(descriptor)
        descriptor = -1
        if rename(path + ".partial", path) != 0 { throw FileFailure("rename the file", path) }
        let directory = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { Glibc.close(directory) }
        if directory < 0 || fsync(directory) != 0 { throw FileFailure("sync the folder", folder) }
        guard let sha256 = digest.current() else { throw CryptoError("the SHA-256 of the upload could not be made") }
        return FinishedUpload(name: name, bytes: bytes, sha256: sha256)
    }

    /// Forgets what has come; nothing to do when it was finished.
    func discard() {
        guard descriptor >= 0 else { return }
        Glibc.close(descriptor)
        descriptor = -1
        _ = unlink(folder + "/" + name + ".partial")
    }
}
