import Glibc
import NIOPosix

/// The bytes of objects: one file per upload in one folder, under random names that say nothing about the object.
///
/// A file is written once under a partial name, synced, and renamed; it is never changed afterwards. So a reader that has opened it
/// reads on undisturbed while a newer upload takes its place, and an upload that breaks off leaves the old file alone.
final class ObjectFiles: Sendable {
    private let folder: String
    private let threads: NIOThreadPool

    /// Makes the folder when it is not there.
    init(folder: String) throws {
        self.folder = folder
        if mkdir(folder, 0o700) != 0 && errno != EEXIST { throw FileFailure("make the folder", folder) }
        threads = NIOThreadPool(numberOfThreads: 4)
        threads.start()
    }

    func close() async { try? await threads.shutdownGracefully() }

    /// Does blocking work on files away from the event loops.
    func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await threads.runIfActive(work)
    }

    /// A new, empty file for an upload.
    func begin() async throws -> ObjectUpload {
        try await run { [folder] in try ObjectUpload(folder: folder) }
    }

    /// Opens a data file; nil when it is gone, because a newer upload took its place.
    func open(_ name: String) async throws -> ObjectReader? {
        try await run { [folder] in try ObjectReader(path: folder + "/" + name) }
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
