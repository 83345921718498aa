import Glibc

/// A file opened for reading.
final class OpenFile {
    private let descriptor: Int32
    private let path: String

    init(_ path: String) throws(CommandError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        self.path = path
        if descriptor < 0 { throw UserFile.failure("cannot read", path) }
    }

    /// Standard input.
    init(standardInput: Void) throws(CommandError) {
        descriptor = fcntl(0, F_DUPFD_CLOEXEC, 3)
        path = "standard input"
        if descriptor < 0 { throw UserFile.failure("cannot read", path) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    var isRegular: Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// The next bytes, at most `max`; empty at the end.
    func next(max: Int) throws(CommandError) -> [UInt8] {
        var count = -1
        let piece = [UInt8](unsafeUninitializedCapacity: max) { buffer, used in
            repeat { count = read(descriptor, buffer.baseAddress, max) } while count < 0 && errno == EINTR
            used = count > 0 ? count : 0
        }
        guard count >= 0 else { throw UserFile.failure("cannot read", path) }
        return piece
    }

    /// All bytes that are left.
    func rest(max: Int) throws(CommandError) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let piece = try next(max: 1 << 16)
            if piece.isEmpty { return bytes }
            bytes += piece
            guard bytes.count <= max else {
                throw CommandError(.file, "\(Shown.text(path)) is larger than \(max) bytes; expected a small document")
            }
        }
    }
}
