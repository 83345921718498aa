import UpgradeModel
import UpgradePorts

/// An open file of a simulated tree. It stays readable when its last name goes away.
final class SimFile: TreeFile {
    private let number: Int
    private let path: TreePath
    private let writable: Bool
    private let tree: SimFileTree

    /// Takes over a handle that was counted when the file was opened.
    init(_ number: Int, path: TreePath, writable: Bool, in tree: SimFileTree) {
        self.number = number
        self.path = path
        self.writable = writable
        self.tree = tree
    }

    deinit {
        let number = number
        try? tree.withDisk { disk throws(FileError) in disk.countHandles(number, by: -1) }
    }

    func read(at offset: Int64, max: Int) throws(FileError) -> [UInt8] {
        guard offset >= 0, max >= 0 else { throw SimDisk.error(.other, "read", path) }
        return try bytes { bytes in
            let start = Int(clamping: Swift.min(offset, Int64(bytes.count)))
            return [UInt8](bytes[start..<start + Swift.min(max, bytes.count - start)])
        }
    }

    func write(_ bytes: [UInt8], at offset: Int64) throws(FileError) {
        guard offset >= 0, offset < Int64(Int32.max) else { throw SimDisk.error(.other, "write", path) }
        guard !bytes.isEmpty else { return }
        try change("write") { disk, number in disk.write(bytes, to: number, at: Int(offset)) }
    }

    func truncate(to length: Int64) throws(FileError) {
        guard length >= 0, length < Int64(Int32.max) else { throw SimDisk.error(.other, "truncate", path) }
        try change("truncate") { disk, number in disk.truncate(number, to: Int(length)) }
    }

    func sync() throws(FileError) {
        let number = number
        try tree.change("sync", path) { disk throws(FileError) in disk.sync(number) }
    }

    func length() throws(FileError) -> Int64 { try bytes { Int64($0.count) } }

    private func bytes<Value: Sendable>(_ body: ([UInt8]) -> Value) throws(FileError) -> Value {
        let (number, path) = (number, path)
        return try tree.withDisk { disk throws(FileError) in
            guard case .file(let bytes)? = disk.node(number)?.content else { throw SimDisk.error(.missing, "read", path) }
            return body(bytes)
        }
    }

    private func change(_ operation: String, _ body: (inout SimDisk, Int) -> Bool) throws(FileError) {
        guard writable else { throw SimDisk.error(.other, operation, path) }
        let (number, path) = (number, path)
        try tree.change(operation, path) { disk throws(FileError) in
            guard body(&disk, number) else { throw SimDisk.error(.noSpace, operation, path) }
        }
    }
}
