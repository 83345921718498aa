import Glibc
import UpgradeModel
import UpgradePorts

/// A regular file of the real disk.
final class LiveFile: TreeFile {
    private let descriptor: Descriptor
    private let path: TreePath

    init(_ descriptor: Descriptor, path: TreePath) {
        self.descriptor = descriptor
        self.path = path
    }

    func read(at offset: Int64, max: Int) throws(FileError) -> [UInt8] {
        guard offset >= 0, max >= 0 else { throw FileError(SystemError(code: EINVAL), operation: "read", path: path) }
        // Sized by the file, so that a generous `max` costs no memory.
        let wanted = Int(clamping: Swift.min(Int64(max), Swift.max(0, try length() - offset)))
        return try trying("read") { number throws(SystemError) in
            var bytes = [UInt8](repeating: 0, count: wanted)
            var done = 0
            while done < wanted {
                let got = try retrying {
                    bytes.withUnsafeMutableBytes { pread(number, $0.baseAddress?.advanced(by: done), wanted - done, off_t(offset) + done) }
                }
                if got == 0 { break }
                done += got
            }
            bytes.removeLast(wanted - done)
            return bytes
        }
    }

    func write(_ bytes: [UInt8], at offset: Int64) throws(FileError) {
        try trying("write") { number throws(SystemError) in
            var done = 0
            while done < bytes.count {
                let put = try retrying {
                    bytes.withUnsafeBytes { pwrite(number, $0.baseAddress?.advanced(by: done), bytes.count - done, off_t(offset) + done) }
                }
                if put == 0 { throw SystemError(code: EIO) }
                done += put
            }
        }
    }

    func truncate(to length: Int64) throws(FileError) {
        try trying("truncate") { number throws(SystemError) in _ = try retrying { ftruncate(number, off_t(length)) } }
    }

    func sync() throws(FileError) {
        try trying("sync") { number throws(SystemError) in _ = try retrying { fsync(number) } }
    }

    func length() throws(FileError) -> Int64 {
        var status = stat()
        try trying("measure") { number throws(SystemError) in _ = try retrying { fstat(number, &status) } }
        return Int64(status.st_size)
    }

    private func trying<Value>(_ operation: String, _ body: (Int32) throws(SystemError) -> Value) throws(FileError) -> Value {
        do throws(SystemError) {
            return try descriptor.use(body)
        } catch {
            throw FileError(error, operation: operation, path: path)
        }
    }
}
