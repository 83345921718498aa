import Glibc
import UpgradePorts

/// Looks at the lock that apt and dpkg hold while they work, without taking it. Source: dpkg's documentation of its frontend lock; fcntl(2).
package struct LivePackageLock: PackageLock {
    private let file: String

    /// - Parameter root: `--root`.
    package init(root: String) { file = root + "/var/lib/dpkg/lock-frontend" }

    package var isHeld: Bool {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        guard withUnsafeMutablePointer(to: &lock, { fcntl(descriptor, F_GETLK, UnsafeMutableRawPointer($0)) }) == 0 else { return false }
        return lock.l_type != Int16(F_UNLCK)
    }
}
