import Glibc

/// Writes small files so that they are there whole or not at all.
enum DurableFile {
    /// Writes a file for its owner only beside its place, syncs it, and renames it.
    static func write(_ bytes: [UInt8], to path: String) throws {
        let temporary = path + ".\(getpid()).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw FileFailure("create the file", temporary) }
        let isWritten = Glibc.write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
        let failure = isWritten ? nil : FileFailure("write the file", temporary)
        close(descriptor)
        if let failure {
            unlink(temporary)
            throw failure
        }
        if rename(temporary, path) != 0 { throw FileFailure("rename the file to", path) }
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if directory >= 0 { close(directory) } }
        if directory < 0 || fsync(directory) != 0 { throw FileFailure("sync the folder", folder) }
    }
}
