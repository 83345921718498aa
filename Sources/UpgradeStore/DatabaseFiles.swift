import Glibc
import UpgradePorts

/// A database and its side files as names in a folder. SQLite reads and writes them by path, so these few operations do too.
struct DatabaseFiles {
    /// Absolute path of the database.
    let path: String

    /// The database goes first wherever several are touched: without its log it would open as an older state of itself.
    private static let suffixes = ["", "-wal", "-shm", "-journal"]

    /// Bytes of the database; nil when there is no file. Errors: `.other` for anything but a regular file.
    func length() throws(StoreError) -> Int64? {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return nil }
            throw failed("look at", path)
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw StoreError(.other, "\(path) cannot be a database: it is no regular file") }
        return Int64(status.st_size)
    }

    /// Removes the database and its side files, durably: a log that stays beside the next database would be replayed into it.
    func remove() throws(StoreError) {
        var isChanged = false
        for suffix in Self.suffixes {
            if unlink(path + suffix) == 0 {
                isChanged = true
            } else if errno != ENOENT {
                throw failed("remove", path + suffix)
            }
        }
        if isChanged { try syncFolder() }
    }

    /// Renames what there is of them to the first free `….damaged-<number>`, durably.
    /// - Returns: the number; nil when there was nothing.
    func setAside() throws(StoreError) -> Int? {
        let present = Self.suffixes.filter { exists(path + $0) }
        guard !present.isEmpty else { return nil }
        var number = 1
        while Self.suffixes.contains(where: { exists(Self.damaged(path, number) + $0) }) { number += 1 }
        for suffix in present where rename(path + suffix, Self.damaged(path, number) + suffix) != 0 {
            throw failed("rename", path + suffix)
        }
        try syncFolder()
        return number
    }

    /// Gives a finished database at `source` this path. Errors: `.exists` when the path is taken.
    func take(from source: DatabaseFiles) throws(StoreError) {
        guard link(source.path, path) == 0 else {
            guard errno == EEXIST else { throw failed("make", path) }
            throw StoreError(.exists, "cannot create the database \(path): a file is there already")
        }
        try source.remove()
        try syncFolder()
    }

    /// The name that `path` gets when it is set aside.
    static func damaged(_ path: String, _ number: Int) -> String { "\(path).damaged-\(number)" }

    private func exists(_ name: String) -> Bool {
        var status = stat()
        return lstat(name, &status) == 0
    }

    private func syncFolder() throws(StoreError) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failed("open", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failed("sync", folder) }
    }

    /// Must be called before anything else can change `errno`.
    private func failed(_ verb: String, _ name: String) -> StoreError {
        let code = errno
        return StoreError(
            code == ENOSPC || code == EDQUOT ? .noSpace : .other, "cannot \(verb) \(name): \(String(cString: strerror(code)))")
    }
}
