import CSystemCalls
import Glibc
import Synchronization
import UpgradeModel
import UpgradePorts

/// Locks on files in one folder. The kernel lets go of them when the process ends, however it ends; a started program never inherits one.
package final class LiveLocks: Locks {
    private let folder: Descriptor

    /// Locks in the folder `root`, which must be there.
    package init(root: String) throws(FileError) {
        do throws(SystemError) {
            folder = Descriptor(owning: try retrying { open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC) })
        } catch {
            throw FileError(error, operation: "open the folder of the locks", path: .root)
        }
    }

    package func take(_ name: LockName) throws(FileError) -> (any HeldLock)? {
        do throws(SystemError) {
            let file = try folder.use { number throws(SystemError) in
                Descriptor(owning: try retrying { openat(number, name.rawValue, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600) })
            }
            _ = try file.use { number throws(SystemError) in try retrying { uplift_lock(number) } }
            return LiveHeldLock(file)
        } catch  where error.code == EWOULDBLOCK {
            return nil
        } catch {
            throw FileError(error, operation: "lock", path: .known(name.rawValue))
        }
    }
}

private final class LiveHeldLock: HeldLock {
    private let file: Mutex<Descriptor?>

    init(_ file: Descriptor) { self.file = Mutex(file) }

    func release() { file.withLock { $0 = nil } }
}
