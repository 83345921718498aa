import ExchangeModel
import Glibc
import HummingbirdCore
import NIOPosix

/// The bytes of objects: one file per upload in one folder, under random names that say nothing about the object.
///
/// A file is written once under a partial name, synced, and renamed; it is never changed afterwards. So a reader that has opened it
/// reads on undisturbed while a newer upload takes its place, and an upload that breaks off leaves the old file alone.
final class ObjectFiles: Sendable {
    /// Uploads of which not all pieces are here.
    let pieces: PieceUploads
    /// Bounds downloads of whole objects.
    let wholes: DownloadLimit

    private let folder: String
    private let limits: ObjectLimits
    private let space: DiskSpace
    private let threads: NIOThreadPool

    /// Makes the folder when it is not there.
    init(folder: String, limits: ObjectLimits = ObjectLimits()) throws {
        self.folder = folder
        self.limits = limits
        if mkdir(folder, 0o700) != 0 && errno != EEXIST { throw FileFailure("make the folder", folder) }
        space = DiskSpace(folder: folder, freeBytesMin: limits.freeBytesMin)
        wholes = DownloadLimit(limits.wholesMax)
        pieces = PieceUploads(limits)
        threads = NIOThreadPool(numberOfThreads: 4)
        threads.start()
    }

    func close() async {
        await pieces.close()
        try? await threads.shutdownGracefully()
    }

    /// Does blocking work on files away from the event loops.
    func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await threads.runIfActive(work)
    }

    /// A new, empty file for an upload.
    /// - Parameter expected: How long the whole is going to be; nil = nobody knows.
    func begin(expecting expected: Int64?) async throws -> ObjectUpload {
        try await run { [limits, space] in
            try ObjectUpload(space: space, bytesMax: limits.objectBytesMax, expected: expected)
        }
    }

    /// Streams a body to the end of an upload; a body of another length is refused. The caller discards the upload when this throws.
    func receive(_ body: RequestBody, into upload: ObjectUpload, expected: Int64?) async throws {
        let before = upload.bytes
        for try await buffer in body { try await run { try upload.append(buffer) } }
        let count = upload.bytes - before
        if let expected, count != expected { throw Refusal.badInput("expected \(expected) bytes of data, \(count) came") }
    }

    /// Opens a data file; nil when it is gone, because a newer upload took its place.
    func open(_ name: String) async throws -> ObjectReader? {
        try await run { [folder] in try ObjectReader(path: folder + "/" + name) }
    }

    /// Whether the bytes fit a complete signature.
    func fits(_ signature: ObjectSignature, _ upload: FinishedUpload) async throws -> Bool {
        try await run { [folder] in try SignatureCheck.fits(signature, upload, path: folder + "/" + upload.name) }
    }

    /// Removes files that nothing refers to any more. A file that stays behind is removed at the next start.
    func remove(_ names: some Sequence<String> & Sendable) async {
        try? await run { [folder] in
            for name in names { _ = unlink(folder + "/" + name) }
        }
    }

    /// Removes everything but these; only before the first request.
    func removeAll(except used: Set<String>) throws {
        guard let listing = opendir(folder) else { throw FileFailure("read the folder", folder) }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." && !used.contains(name) { _ = unlink(folder + "/" + name) }
        }
    }
}
