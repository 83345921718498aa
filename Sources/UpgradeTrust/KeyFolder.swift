import Glibc
import UpgradePorts

/// The opened folder of trusted keys. All is read through its descriptor and judged on opened files: nothing can be swapped in between.
struct KeyFolder: ~Copyable {
    private let descriptor: Int32
    private let path: String

    /// A public key of 16384 bits has 3 KiB.
    private static let longestFile = 64 * 1024

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// Nil when there is no such folder.
    static func open(_ path: String) throws(TrustFailure) -> KeyFolder? {
        guard path.hasPrefix("/"), !path.utf8.contains(0) else { throw unsafe(path, "is not an absolute path", "name the folder from /") }
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        if descriptor < 0 && errno == ENOENT { return nil }
        guard descriptor >= 0 else {
            throw unsafe(path, "cannot be opened as a folder (\(text(errno)))", "make it a real folder, not a link, readable for the agent")
        }
        let folder = KeyFolder(descriptor: descriptor, path: path)
        try refuseForeign(descriptor, path)
        return folder
    }

    /// The names that count: `*.pem`, without hidden ones; sorted, so that the order never depends on the disk.
    borrowing func keyNames() throws(TrustFailure) -> [String] {
        // The list gets a descriptor of its own because closedir closes it.
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let list = fdopendir(copy) else {
            let reason = Self.text(errno)
            if copy >= 0 { close(copy) }
            throw Self.unsafe(path, "cannot be listed (\(reason))", "make it readable for the agent")
        }
        defer { closedir(list) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(list) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) { String(cString: $0) }
            }
            if name.hasSuffix(".pem") && !name.hasPrefix(".") { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw Self.unsafe(path, "cannot be listed (\(Self.text(errno)))", "check the disk") }
        return names.sorted()
    }

    /// The bytes of one file.
    borrowing func read(_ name: String) throws(TrustFailure) -> [UInt8] {
        let file = "\(path)/\(name)"
        // Without O_NONBLOCK a FIFO would hold up the start for ever.
        let opened = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard opened >= 0 else {
            let reason = errno == ELOOP ? "is a symbolic link" : "cannot be opened (\(Self.text(errno)))"
            throw Self.unsafe(file, reason, "put a regular file there that the agent can read")
        }
        defer { close(opened) }
        let status = try Self.refuseForeign(opened, file)
        guard status.st_mode & S_IFMT == S_IFREG else { throw Self.unsafe(file, "is not a regular file", "remove it") }
        return try Self.readAll(opened, file)
    }

    private static func readAll(_ descriptor: Int32, _ file: String) throws(TrustFailure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: longestFile + 1)
        var length = 0
        while length < bytes.count {
            let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress?.advanced(by: length), $0.count - length) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw unsafe(file, "cannot be read (\(text(errno)))", "check the disk") }
            if count == 0 { break }
            length += count
        }
        guard length <= longestFile else {
            throw unsafe(file, "is longer than \(longestFile) bytes", "replace it with one public key in PEM")
        }
        return Array(bytes.prefix(length))
    }

    /// Throws unless root or our user owns it and nobody else may write it.
    @discardableResult
    private static func refuseForeign(_ descriptor: Int32, _ path: String) throws(TrustFailure) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unsafe(path, "cannot be examined (\(text(errno)))", "check the disk") }
        let user = geteuid()
        guard status.st_uid == 0 || status.st_uid == user else {
            throw unsafe(path, "belongs to user \(status.st_uid), expected 0 (root) or \(user)", "chown root \(path)")
        }
        guard status.st_mode & (S_IWGRP | S_IWOTH) == 0 else {
            let mode = String(status.st_mode & 0o7777, radix: 8)
            throw unsafe(path, "can be written by others (mode \(mode))", "chmod go-w \(path)")
        }
        return status
    }

    private static func unsafe(_ path: String, _ found: String, _ remedy: String) -> TrustFailure {
        TrustFailure(.noPinnedKeys, "trusted keys: \(path) \(found); do: \(remedy)")
    }

    private static func text(_ code: Int32) -> String {
        String(cString: strerror(code))
    }
}
