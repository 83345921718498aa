import CSystemCalls
import Glibc
import UpgradeModel
import UpgradePorts

extension LiveFileTree {
    /// The folder itself, opened for reading its names and syncing them, or with `uplift_open_path` only for naming.
    func folder(_ path: TreePath, _ operation: String, flags: Int32 = O_RDONLY) throws(FileError) -> Descriptor {
        let (root, text) = (root, path.text)
        do throws(SystemError) {
            return try root.use { number throws(SystemError) in
                Descriptor(owning: try retrying { uplift_open_beneath(number, text, flags | O_DIRECTORY, 0) })
            }
        } catch {
            if error.code == ELOOP || error.code == EXDEV { throw FileError(leavingTree: operation, path: path, code: error.code) }
            throw FileError(error, operation: operation, path: path)
        }
    }

    /// Does something to the last name of a path, in its folder. Errors: `.escapes` for the root, which has no name in the tree.
    func inParent<Value>(
        of path: TreePath, _ operation: String, _ body: (Int32, String) throws(SystemError) -> Value
    ) throws(FileError) -> Value {
        let parent = try parent(of: path, operation)
        return try naming(operation, path) { () throws(SystemError) in
            try parent.use { number throws(SystemError) in try body(number, path.name) }
        }
    }

    /// Does something to two names at once; a failure tells both.
    func inParents(
        of old: TreePath, _ new: TreePath, _ operation: String, _ body: (Int32, String, Int32, String) throws(SystemError) -> Void
    ) throws(FileError) {
        let (from, to) = (try parent(of: old, operation), try parent(of: new, operation))
        do throws(SystemError) {
            try from.use { number throws(SystemError) in
                try to.use { newNumber throws(SystemError) in try body(number, old.name, newNumber, new.name) }
            }
        } catch {
            let failure = FileError(error, operation: operation, path: old)
            let reason = "\(failure.reason) (new name: \(new))"
            throw FileError(failure.kind, operation: operation, path: old, code: failure.code, reason: reason)
        }
    }

    /// Gives a system error its operation and path.
    func naming<Value>(
        _ operation: String, _ path: TreePath, _ body: () throws(SystemError) -> Value
    ) throws(FileError) -> Value {
        do throws(SystemError) {
            return try body()
        } catch {
            throw FileError(error, operation: operation, path: path)
        }
    }

    private func parent(of path: TreePath, _ operation: String) throws(FileError) -> Descriptor {
        guard path != .root else { throw FileError(leavingTree: operation, path: path, code: EINVAL) }
        return path.components.count == 1 ? root : try folder(path.parent, operation, flags: uplift_open_path)
    }
}
