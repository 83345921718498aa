import UpgradeModel
import UpgradePorts

/// A file that lives in memory, or is made up while it is read.
final class MemoryFile: TreeFile {
    private let size: Int64
    private let bytes: @Sendable (_ offset: Int64, _ count: Int) throws(FileError) -> [UInt8]

    init(_ contents: [UInt8]) {
        size = Int64(contents.count)
        bytes = { offset, count in Array(contents[Int(offset)..<(Int(offset) + count)]) }
    }

    /// A file whose bytes come from a function of offset and count.
    init(length: Int64, bytes: @escaping @Sendable (_ offset: Int64, _ count: Int) throws(FileError) -> [UInt8]) {
        size = length
        self.bytes = bytes
    }

    func read(at offset: Int64, max: Int) throws(FileError) -> [UInt8] {
        guard offset < size else { return [] }
        return try bytes(offset, Int(min(Int64(max), size - offset)))
    }

    func length() throws(FileError) -> Int64 { size }

    func write(_ bytes: [UInt8], at offset: Int64) throws(FileError) { throw MemoryFile.readOnly("write") }

    func truncate(to length: Int64) throws(FileError) { throw MemoryFile.readOnly("truncate") }

    func sync() throws(FileError) { throw MemoryFile.readOnly("sync") }

    private static func readOnly(_ operation: String) -> FileError {
        FileError(.denied, operation: operation, path: .root, reason: "only reading is expected here")
    }
}
