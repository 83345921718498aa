import Glibc

/// A folder that a backup or a restore fills. While it is being filled, a mark says so, because half a copy looks like a whole one.
struct CopiedFolder {
    private static let markName = "unfinished"

    let path: String

    /// - Parameter path: of a folder that may be there.
    init(_ path: String) { self.path = path }

    var database: String { path + "/exchange.db" }
    var secret: String { path + "/server.secret" }
    var objects: String { path + "/objects" }
    private var mark: String { path + "/" + Self.markName }

    /// Makes the folder, marked, and refuses one that holds anything but these names.
    func begin(besides allowed: Set<String> = []) throws {
        if mkdir(path, 0o700) != 0 && errno != EEXIST { throw FileFailure("make the folder", path) }
        let found = try Self.names(in: path).filter { !allowed.contains($0) }
        if let name = found.sorted().first {
            throw ServeFailure("the folder '\(path)' must be empty, but holds '\(name)': nothing is overwritten, choose another folder")
        }
        try makeMark()
        if mkdir(objects, 0o700) != 0 { throw FileFailure("make the folder", objects) }
    }

    /// Before anything else, and under its own name at once: wherever the copy breaks off, the mark is there.
    private func makeMark() throws {
        let descriptor = open(mark, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw FileFailure("create the file", mark) }
        defer { close(descriptor) }
        if fsync(descriptor) != 0 { throw FileFailure("sync the file", mark) }
        try Self.sync(path)
    }

    /// Everything is there.
    func finish() throws {
        for folder in [objects, path] { try Self.sync(folder) }
        if unlink(mark) != 0 { throw FileFailure("remove the file", mark) }
        try Self.sync(path)
    }

    /// Refuses half a copy. There may be nothing at all.
    func requireWhole() throws {
        if access(path, F_OK) != 0 { return }
        // Earlier versions wrote the mark under a name that only begins like this.
        if try Self.names(in: path).contains(where: { $0.hasPrefix(Self.markName) }) {
            throw ServeFailure("'\(path)' is half a copy, because a backup or restore into it broke off: remove it and begin again")
        }
    }

    /// Brings a file here that is never changed again: linked where the file system can, otherwise copied.
    /// - Returns: False when there is no such file.
    static func bring(_ source: String, to target: String) throws -> Bool {
        if link(source, target) == 0 || errno == EEXIST { return true }
        return try copy(source, to: target)
    }

    /// - Returns: False when there is no such file.
    static func copy(_ source: String, to target: String) throws -> Bool {
        let input = open(source, O_RDONLY | O_CLOEXEC)
        if input < 0 {
            if errno == ENOENT { return false }
            throw FileFailure("open the file", source)
        }
        defer { close(input) }
        let part = target + ".part"
        let output = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        if output < 0 { throw FileFailure("create the file", part) }
        defer { close(output) }
        while true {
            let count = sendfile(output, input, nil, 1 << 24)
            if count < 0 { throw FileFailure("copy '\(source)' to", part) }
            if count == 0 { break }
        }
        if fsync(output) != 0 { throw FileFailure("sync the file", part) }
        if rename(part, target) != 0 { throw FileFailure("rename the file to", target) }
        return true
    }

    /// The names in a folder.
    static func names(in folder: String) throws -> [String] {
        guard let listing = opendir(folder) else { throw FileFailure("read the folder", folder) }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    private static func sync(_ folder: String) throws {
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if directory >= 0 { close(directory) } }
        if directory < 0 || fsync(directory) != 0 { throw FileFailure("sync the folder", folder) }
    }
}
