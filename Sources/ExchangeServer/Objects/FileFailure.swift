import Glibc

/// A file operation that the system refused.
package struct FileFailure: Error, CustomStringConvertible {
    /// What was tried, on what, and what the system said.
    package let description: String

    /// Takes the reason from `errno`, so it is made at once after the call.
    init(_ attempt: String, _ path: String) {
        let reason = String(cString: strerror(errno))
        description = "cannot \(attempt) '\(path)': \(reason)"
    }

    /// The failure, or 507 when `errno` says that there is no space.
    static func refusal(_ attempt: String, _ path: String) -> any Error {
        [ENOSPC, EDQUOT, EFBIG].contains(errno) ? DiskSpace.isFull : FileFailure(attempt, path)
    }
}
