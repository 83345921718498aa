import Glibc
import UpgradeModel
import UpgradePorts

/// Files that the user names, and those that a command makes for the user.
enum UserFile {
    /// Documents larger than this are a mistake. Bytes.
    static let documentBytesMax = 16 << 20

    /// The whole document; `-` is standard input, and pipes are fine.
    static func document(_ path: String) throws(CommandError) -> [UInt8] {
        if path == "-" { return try OpenFile(standardInput: ()).rest(max: documentBytesMax) }
        return try OpenFile(path).rest(max: documentBytesMax)
    }

    /// True when this user has no right to write under this name, as opposed to there being nothing or nobody.
    static func isDenied(_ path: String) -> Bool { faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) != 0 && errno == EACCES }

    /// The name of the user who runs this, or the number of one without a name.
    static var userName: String { getpwuid(geteuid())?.pointee.pw_name.map { String(cString: $0) } ?? String(geteuid()) }

    /// The whole document, or nil when there is no such file.
    static func bytesIfThere(_ path: String) throws(CommandError) -> [UInt8]? {
        var status = stat()
        if stat(path, &status) != 0, errno == ENOENT || errno == ENOTDIR { return nil }
        return try OpenFile(path).rest(max: documentBytesMax)
    }

    /// The names in a folder; none when it cannot be read.
    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// SHA-256 and length of a regular file, read once, piece by piece.
    static func measure(_ path: String, with digest: any RunningDigest) throws(CommandError) -> (digest: Digest, length: Int64) {
        let file = try OpenFile(path)
        guard file.isRegular else { throw CommandError(.file, "\(Shown.text(path)) is not a regular file") }
        var length: Int64 = 0
        while true {
            let piece = try file.next(max: 1 << 20)
            if piece.isEmpty { break }
            digest.update(piece)
            length += Int64(piece.count)
        }
        guard let value = digest.current() else { throw CommandError(.bug, "SHA-256 of \(Shown.text(path)) could not be made") }
        return (value, length)
    }

    /// The first bytes of a file.
    static func head(_ path: String, max: Int) throws(CommandError) -> [UInt8] { try OpenFile(path).next(max: max) }

    /// Makes a folder, and those above it, for their owner alone; one that exists stays as it is.
    static func makeFolder(_ path: String) throws(CommandError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += part + "/"
            if mkdir(made, 0o700) != 0, errno != EEXIST { throw failure("cannot make the folder", made) }
        }
    }

    /// Makes a new file with these bytes, on the disk when it returns. Never follows or replaces what is there.
    static func create(_ path: String, _ bytes: [UInt8], mode: mode_t) throws(CommandError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw failure("cannot make", path) }
        defer { close(descriptor) }
        guard writeAll(bytes, to: descriptor), fchmod(descriptor, mode) == 0, fsync(descriptor) == 0 else {
            throw removing(path, failure("cannot write", path))
        }
    }

    /// A report under a name that the user gave; what was there is replaced.
    static func write(_ path: String, _ text: String) throws(CommandError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("cannot write", path) }
        defer { close(descriptor) }
        guard writeAll(Array(text.utf8), to: descriptor) else { throw failure("cannot write", path) }
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }

    /// Takes away what a command made itself.
    static func remove(_ path: String) { unlink(path) }

    private static func removing(_ path: String, _ failure: CommandError) -> CommandError {
        remove(path)
        return failure
    }

    /// What went wrong with a file, in the system's words.
    static func failure(_ verb: String, _ path: String) -> CommandError {
        CommandError(.file, "\(verb) \(Shown.text(path)): \(String(cString: strerror(errno)))")
    }
}
