import Glibc
import UpgradeModel
import UpgradePorts

extension FileError {
    /// What a system call reported, in the port's words.
    init(_ error: SystemError, operation: String, path: TreePath) {
        self.init(
            Self.kind(of: error.code), operation: operation, path: path, code: error.code,
            reason: Self.hint(error.code).map { "\(error.reason) (\($0))" } ?? error.reason)
    }

    /// A path that leads through a symbolic link, or out of the tree.
    init(leavingTree operation: String, path: TreePath, code: Int32) {
        self.init(
            .escapes, operation: operation, path: path, code: code,
            reason: "the path leads through a symbolic link or out of the folder; nothing here may be a link")
    }

    private static func kind(of code: Int32) -> Kind {
        switch code {
        case ENOENT: .missing
        case EEXIST, ENOTEMPTY: .exists
        case ENOTDIR, EISDIR, ELOOP, ENXIO, EOPNOTSUPP: .unexpectedKind
        case ENOSPC, EDQUOT: .noSpace
        case EACCES, EPERM, EROFS: .denied
        default: .other
        }
    }

    private static func hint(_ code: Int32) -> String? {
        switch code {
        case ENOSYS: "this kernel has no openat2; Linux 5.6 or newer is needed"
        case EXDEV: "the two names lie on different file systems"
        case EDQUOT: "raise the quota or free space"
        case EROFS: "mount it writable"
        default: nil
        }
    }
}
