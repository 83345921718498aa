import CSystemCalls
import Glibc

/// Who is at the other end of a unix socket, as the kernel knows it.
struct PeerCredentials: Hashable, Sendable {
    let user: uid_t
    let process: pid_t

    /// The peer of a connected socket.
    static func of(_ socket: Descriptor) throws(SystemError) -> PeerCredentials {
        var (user, process) = (uid_t(), pid_t())
        _ = try socket.use { number throws(SystemError) in try retrying { uplift_peer(number, &user, &process) } }
        return PeerCredentials(user: user, process: process)
    }

    /// Root, or the user that we are.
    var isTrusted: Bool { user == 0 || user == geteuid() }
}
