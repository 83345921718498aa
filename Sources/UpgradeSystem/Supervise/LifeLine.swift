import Glibc

/// The pipe by which agent and installer notice that their supervisor is gone, even when it was killed: nothing is ever written to it,
/// and the kernel closes it with the process. Source: install.md, "Never two".
package enum LifeLine {
    /// Environment variable with the number of the pipe's reading end. Set by the supervisor, for its own children.
    package static let variable = "UPLIFT_LIFELINE_FD"

    /// Calls `onClose` once, on a thread of its own, when the supervisor is gone. False when this process has no life line:
    /// it was not started by a supervisor, or what has the number is no pipe.
    @discardableResult
    package static func watch(environment: [String: String], onClose: @escaping @Sendable () -> Void) -> Bool {
        guard let text = environment[variable], let number = Int32(text), number >= 0 else { return false }
        var status = stat()
        guard fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else { return false }
        LiveThreads().start("life line") {
            var byte: UInt8 = 0
            while true {
                let count = read(number, &byte, 1)
                if count == 0 || (count < 0 && errno != EINTR) { break }
            }
            onClose()
        }
        return true
    }
}
