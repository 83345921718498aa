import Glibc
import UpgradePorts

/// A unix socket's path in the 107 bytes that the kernel takes: a longer one goes through its opened folder.
final class ShortSocketPath {
    /// Longest path that fits beside its closing zero.
    static let bytesMax = 107

    /// Linux' `O_PATH`, which Glibc hides from Swift: the folder need not be readable.
    private static let pathOnly: Int32 = 0o10000000

    /// Usable as long as this object lives.
    let text: String
    private let folder: Int32

    /// Errors: `.local` when the folder cannot be opened or the name alone is too long.
    init(_ path: String, _ setup: RequestSetup) throws(TransferFailure) {
        guard path.utf8.count > Self.bytesMax else {
            (text, folder) = (path, -1)
            return
        }
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        let opened = open(String(path[..<slash]), Self.pathOnly | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else {
            throw setup.failure(.local, "the folder of the socket \(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        let short = "/proc/self/fd/\(opened)" + path[slash...]
        guard short.utf8.count <= Self.bytesMax else {
            close(opened)
            throw setup.failure(.local, "the name of the socket \(path) is too long: \(short.utf8.count) bytes, at most \(Self.bytesMax)")
        }
        (text, folder) = (short, opened)
    }

    deinit { if folder >= 0 { close(folder) } }
}
