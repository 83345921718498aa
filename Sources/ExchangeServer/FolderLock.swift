import Glibc

/// Holds a folder for one process. Two hubs on one folder would remove each other's files.
final class FolderLock: Sendable {
    private let descriptor: Int32

    init(path: String) throws {
        let name = path + "/lock"
        descriptor = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw FileFailure("open the lock", name) }
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            close(descriptor)
            throw ServeFailure("another hub uses the folder '\(path)': stop it, or choose another folder")
        }
    }

    deinit { close(descriptor) }
}
