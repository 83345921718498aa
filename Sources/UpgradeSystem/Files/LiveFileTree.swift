import CSystemCalls
import Glibc
import UpgradeModel
import UpgradePorts

/// The door to the real disk: every path is resolved by the kernel below the folder that was opened once, and never through a link.
///
/// Why the parent first and then the last name: only so can a link at the end be told from a link on the way.
package final class LiveFileTree: FileTree {
    let root: Descriptor

    /// Opens the folder `root`; the folder's own path may contain links, what lies below may not.
    /// Errors: as for any folder, and `.other` on a kernel without `openat2`.
    package init(root path: String) throws(FileError) {
        do throws(SystemError) {
            root = Descriptor(owning: try retrying { Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) })
        } catch {
            let failure = FileError(error, operation: "open", path: .root)
            throw FileError(failure.kind, operation: "open the folder", path: .root, code: error.code, reason: "\(path): \(failure.reason)")
        }
        // A kernel (or a container's filter) that refuses the call must be noticed now, not in the middle of an upgrade.
        _ = try folder(.root, "open with openat2")
    }

    package func makeDirectory(_ path: TreePath, mode: UInt16) throws(FileError) {
        if path == .root { throw FileError(SystemError(code: EEXIST), operation: "make folder", path: path) }
        try inParent(of: path, "make folder") { parent, name throws(SystemError) in
            _ = try retrying { mkdirat(parent, name, mode_t(mode)) }
            // Opened again, because the process's umask may have taken bits away.
            let new = Descriptor(owning: try retrying { openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) })
            try new.use { number throws(SystemError) in _ = try retrying { fchmod(number, mode_t(mode)) } }
        }
    }

    package func create(_ path: TreePath, mode: UInt16) throws(FileError) -> any TreeFile {
        try inParent(of: path, "create") { parent, name throws(SystemError) in
            let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            let new = Descriptor(owning: try retrying { openat(parent, name, flags, mode_t(mode)) })
            try new.use { number throws(SystemError) in _ = try retrying { fchmod(number, mode_t(mode)) } }
            return LiveFile(new, path: path)
        }
    }

    package func open(_ path: TreePath, for access: FileAccess) throws(FileError) -> any TreeFile {
        let flags = access == .reading ? O_RDONLY : O_RDWR
        return try inParent(of: path, "open") { parent, name throws(SystemError) in
            // Looked at before it is opened: opening a device may act, opening a FIFO may wait.
            try Self.requireRegular(parent, name)
            let found = Descriptor(owning: try retrying { openat(parent, name, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) })
            var status = stat()
            _ = try found.use { number throws(SystemError) in try retrying { fstat(number, &status) } }
            try Self.requireRegular(status)
            return LiveFile(found, path: path)
        }
    }

    package func link(_ existing: TreePath, to new: TreePath) throws(FileError) {
        try inParents(of: existing, new, "link") { from, name, to, newName throws(SystemError) in
            try Self.requireRegular(from, name)
            _ = try retrying { linkat(from, name, to, newName, 0) }
        }
    }

    package func symbolicLink(_ target: String, at path: TreePath) throws(FileError) {
        try inParent(of: path, "make link") { parent, name throws(SystemError) in
            _ = try retrying { symlinkat(target, parent, name) }
        }
    }

    package func rename(_ old: TreePath, to new: TreePath) throws(FileError) {
        try inParents(of: old, new, "rename") { from, name, to, newName throws(SystemError) in
            _ = try retrying { renameat(from, name, to, newName) }
        }
    }

    package func remove(_ path: TreePath) throws(FileError) {
        try inParent(of: path, "remove") { parent, name throws(SystemError) in _ = try retrying { unlinkat(parent, name, 0) } }
    }

    package func removeDirectory(_ path: TreePath) throws(FileError) {
        try inParent(of: path, "remove folder") { parent, name throws(SystemError) in
            _ = try retrying { unlinkat(parent, name, AT_REMOVEDIR) }
        }
    }

    package func setMode(_ path: TreePath, mode: UInt16) throws(FileError) {
        let root = root
        if path == .root {
            return try naming("set mode", path) { () throws(SystemError) in _ = try retrying { fchmod(root.number, mode_t(mode)) } }
        }
        try inParent(of: path, "set mode") { parent, name throws(SystemError) in
            _ = try retrying { fchmodat(parent, name, mode_t(mode), AT_SYMLINK_NOFOLLOW) }
        }
    }
}

extension LiveFileTree {
    private static func requireRegular(_ parent: Int32, _ name: String) throws(SystemError) {
        var status = stat()
        _ = try retrying { fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) }
        try requireRegular(status)
    }

    private static func requireRegular(_ status: stat) throws(SystemError) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: throw SystemError(code: EISDIR)
        case S_IFLNK: throw SystemError(code: ELOOP)
        default: throw SystemError(code: ENXIO)
        }
    }
}
