import ExchangeModel
import Glibc
import LibCrypto
import NIOCore

/// An object's new bytes on their way into a file. Used by one request at a time, on the file threads.
final class ObjectUpload: @unchecked Sendable {
    /// How much is written before the disk is asked again. Bytes.
    private static let bytesPerLook: Int64 = 16 << 20
    /// How much of the disk is set aside at once. Not the whole length, which is only announced: nobody may keep the disk from others by
    /// promising much and sending little. Bytes.
    private static let bytesPerStep: Int64 = 1 << 20

    private let space: DiskSpace
    private let bytesMax: Int64
    private let name: String
    private var descriptor: Int32
    private let digest = SHA256()
    private var bytesAtNextLook = bytesPerLook
    private(set) var bytes: Int64 = 0
    /// Set aside and not written yet.
    private var reserved: Int64 = 0

    private var folder: String { space.folder }

    /// - Parameter expected: How long the whole is going to be; nil = nobody knows.
    /// - Throws: also 413 and 507 when that is too much.
    init(space: DiskSpace, bytesMax: Int64, expected: Int64?) throws {
        self.space = space
        self.bytesMax = bytesMax
        descriptor = -1
        name = hexText(try SecretBytes.random(16))
        if expected ?? 0 > bytesMax { throw Self.tooLong(bytesMax) }
        try space.require(expected ?? 0)
        let path = folder + "/" + name + ".partial"
        descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw FileFailure.refusal("create the file", path) }
    }

    deinit { discard() }

    private func reserve(_ count: Int64) throws {
        try space.reserve(count)
        reserved += count
    }

    private func giveBack(_ count: Int64) {
        reserved -= count
        space.giveBack(count)
    }

    /// Takes the next bytes.
    func append(_ buffer: ByteBuffer) throws {
        let count = Int64(buffer.readableBytes)
        if bytes + count > bytesMax { throw Self.tooLong(bytesMax) }
        if bytes + count > bytesAtNextLook {
            bytesAtNextLook += Self.bytesPerLook
            try space.require(count)
        }
        if reserved < count { try reserve(max(count - reserved, Self.bytesPerStep)) }
        try buffer.withUnsafeReadableBytes { chunk in
            digest.update(chunk)
            try write(chunk)
        }
        bytes += count
        giveBack(count)
    }

    private func write(_ chunk: UnsafeRawBufferPointer) throws {
        var rest = chunk
        while !rest.isEmpty {
            let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if written < 0 && errno == EINTR { continue }
            if written < 0 { throw FileFailure.refusal("write to the file", folder + "/" + name) }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    /// Makes the bytes durable under their final name.
    func finish() throws -> FinishedUpload {
        let path = folder + "/" + name
        if fsync(descriptor) != 0 { throw FileFailure.refusal("sync the file", path) }
        guard let sha256 = digest.current() else { throw CryptoError("the SHA-256 of the upload could not be made") }
        if rename(path + ".partial", path) != 0 { throw FileFailure.refusal("rename the file", path) }
        Glibc.close(descriptor)
        descriptor = -1
        giveBack(reserved)
        let directory = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { Glibc.close(directory) }
        if directory < 0 || fsync(directory) != 0 { throw FileFailure("sync the folder", folder) }
        return FinishedUpload(name: name, bytes: bytes, sha256: sha256)
    }

    /// Forgets what has come; nothing to do when it was finished.
    func discard() {
        giveBack(reserved)
        guard descriptor >= 0 else { return }
        Glibc.close(descriptor)
        descriptor = -1
        _ = unlink(folder + "/" + name + ".partial")
    }

    private static func tooLong(_ bytesMax: Int64) -> Refusal {
        Refusal(status: 413, code: "invalid-input", message: "objects of more than \(bytesMax) bytes are not taken")
    }
}
