import UpgradeModel
import UpgradePorts

/// A file read once from the front, hashed on the way. A reader may look at the head first, to find the format, and begin again: then it must
/// see the same bytes. A read anywhere else spoils the digest instead of lying about it.
final class DigestingFile: TreeFile, @unchecked Sendable {
    private let file: any TreeFile
    private let makeDigest: () -> any RunningDigest
    private var running: any RunningDigest
    /// What the first read saw, until a second one has begun again.
    private var head: [UInt8]?
    /// Bytes read so far. One stepper owns the object; it is never shared between threads.
    private(set) var position: Int64 = 0
    private var isSound = true

    init(_ file: any TreeFile, makeDigest: @escaping () -> any RunningDigest) {
        self.file = file
        self.makeDigest = makeDigest
        running = makeDigest()
    }

    func read(at offset: Int64, max: Int) throws(FileError) -> [UInt8] {
        let bytes = try file.read(at: offset, max: max)
        if offset == 0, let head, position == head.count {
            isSound = isSound && bytes.starts(with: head)
            running = makeDigest()
            position = 0
            self.head = nil
        } else if offset == 0, position == 0, head == nil {
            head = bytes
        }
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
