import UpgradeModel
import UpgradePorts

/// A file read once from the front, hashed on the way. A read anywhere else spoils the digest instead of lying about it.
final class DigestingFile: TreeFile, @unchecked Sendable {
    private let file: any TreeFile
    private let running: any RunningDigest
    /// Bytes read so far. One stepper owns the object; it is never shared between threads.
    private(set) var position: Int64 = 0
    private var isSound = true

    init(_ file: any TreeFile, digest: any RunningDigest) {
        self.file = file
        running = digest
    }

    func read(at offset: Int64, max: Int) throws(FileError) -> [UInt8] {
        let bytes = try file.read(at: offset, max: max)
        if offset == position {
            running.update(bytes)
            position += Int64(bytes.count)
        } else {
            isSound = false
        }
        return bytes
    }

    /// Reads the next bytes only for the digest; how many there were.
    func readOn(max: Int) throws(FileError) -> Int { try read(at: position, max: max).count }

    /// The digest of everything from the front to `position`; nil when something was read out of order.
    func digest() -> Digest? { isSound ? running.current() : nil }

    func length() throws(FileError) -> Int64 { try file.length() }

    func write(_ bytes: [UInt8], at offset: Int64) throws(FileError) { throw readOnly("write") }

    func truncate(to length: Int64) throws(FileError) { throw readOnly("truncate") }

    func sync() throws(FileError) { throw readOnly("sync") }

    private func readOnly(_ operation: String) -> FileError {
        FileError(.denied, operation: operation, path: .root, reason: "the package is only read here")
    }
}
