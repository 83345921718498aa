import CSystemCalls
import Glibc
import UpgradeModel
import UpgradePorts

extension LiveFileTree {
    package func readLink(_ path: TreePath) throws(FileError) -> String {
        let bytes = try inParent(of: path, "read link") { parent, name throws(SystemError) in
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            do throws(SystemError) {
                let length = try retrying { readlinkat(parent, name, &buffer, buffer.count) }
                return buffer.prefix(length).map { UInt8(bitPattern: $0) }
            } catch {
                // The call says "invalid" for what is no link.
                throw SystemError(code: error.code == EINVAL ? ENXIO : error.code)
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw FileError(.other, operation: "read link", path: path, reason: "its text is not UTF-8")
        }
        return text
    }

    package func syncDirectory(_ path: TreePath) throws(FileError) {
        let folder = try folder(path, "sync folder")
        try naming("sync folder", path) { () throws(SystemError) in
            try folder.use { number throws(SystemError) in _ = try retrying { fsync(number) } }
        }
    }

    package func syncAll() throws(FileError) {
        // Through the descriptor that has seen every write of this process: a fresh one is not told what failed before it was opened.
        let root = root
        try naming("sync all", .root) { () throws(SystemError) in _ = try retrying { uplift_sync_file_system(root.number) } }
    }

    package func entry(_ path: TreePath) throws(FileError) -> FileEntry? {
        var status = stat()
        do throws(FileError) {
            if path == .root {
                let root = root
                try naming("look at", path) { () throws(SystemError) in _ = try retrying { fstat(root.number, &status) } }
            } else {
                try inParent(of: path, "look at") { parent, name throws(SystemError) in
                    _ = try retrying { fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) }
                }
            }
        } catch  where error.kind == .missing {
            return nil
        }
        return FileEntry(
            kind: Self.kind(of: status), mode: UInt16(status.st_mode & 0o7777), length: Int64(status.st_size), owner: status.st_uid)
    }

    package func list(_ path: TreePath) throws(FileError) -> [String] {
        let folder = try folder(path, "list")
        let names = try naming("list", path) { () throws(SystemError) in
            try folder.use { number throws(SystemError) in try Self.names(in: number) }
        }
        var texts: [String] = []
        for name in names {
            guard let text = String(validating: name, as: UTF8.self) else {
                throw FileError(.other, operation: "list", path: path, reason: "a name in it is not UTF-8; nothing of ours is called so")
            }
            texts.append(text)
        }
        return texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    package func freeBytes() throws(FileError) -> Int64 {
        var status = statvfs()
        let root = root
        try naming("measure free space", .root) { () throws(SystemError) in _ = try retrying { fstatvfs(root.number, &status) } }
        let (bytes, overflow) = Int64(clamping: status.f_bavail).multipliedReportingOverflow(by: Int64(clamping: status.f_frsize))
        return overflow ? .max : bytes
    }

    private static func kind(of status: stat) -> FileEntry.Kind {
        switch status.st_mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .directory
        case S_IFLNK: .symbolicLink
        default: .other
        }
    }

    private static func names(in folder: Int32) throws(SystemError) -> [[UInt8]] {
        // The stream closes its descriptor, so it gets one of its own.
        let own = try retrying { openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard let stream = fdopendir(own) else {
            let failure = SystemError(code: errno)
            close(own)
            throw failure
        }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw SystemError(code: errno) }
                return names
            }
            let name = Self.name(of: entry)
            if name != [0x2E] && name != [0x2E, 0x2E] { names.append(name) }
        }
    }

    /// The bytes where they lie: the record is shorter than its type, so it must not be copied whole.
    private static func name(of entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
        guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return [] }
        let start = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: UInt8.self)
        return [UInt8](UnsafeBufferPointer(start: start, count: strlen(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self))))
    }
}
