import Glibc
import UpgradePorts

/// What the kernel noted about the process at the other end of a unix socket when it connected. Source: unix(7), socket(7).
enum PeerCredentials {
    /// `struct ucred`, which the Swift importer does not show.
    private struct UserCredentials {
        var pid: Int32 = 0
        var uid: UInt32 = 0
        var gid: UInt32 = 0
    }

    /// `SO_PEERGROUPS`, newer than the headers of some systems.
    private static let peerGroups: Int32 = 59

    /// Nil when the kernel does not say.
    static func identity(of descriptor: Int32) -> PeerIdentity? {
        var found = UserCredentials()
        var length = socklen_t(MemoryLayout<UserCredentials>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &found, &length) == 0 else { return nil }
        return PeerIdentity(uid: found.uid, gid: found.gid, pid: found.pid)
    }

    /// Supplementary groups; empty when the kernel (before 4.13) does not say.
    ///
    /// Asked of the kernel and not of the user database: no name service is waited for, and a process counts as what it is.
    static func groups(of descriptor: Int32) -> [UInt32] {
        var groups = [UInt32](repeating: 0, count: 64)
        for _ in 0..<2 {
            var length = socklen_t(groups.count * MemoryLayout<UInt32>.size)
            if getsockopt(descriptor, SOL_SOCKET, peerGroups, &groups, &length) == 0 {
                return Array(groups.prefix(Int(length) / MemoryLayout<UInt32>.size))
            }
            guard errno == ERANGE else { return [] }
            groups = [UInt32](repeating: 0, count: Int(length) / MemoryLayout<UInt32>.size)
        }
        return []
    }

    /// The number of a group; nil when there is none of this name. May wait for a name service.
    static func number(ofGroup name: String) -> UInt32? {
        var entry = group()
        var found: UnsafeMutablePointer<group>?
        var buffer = [CChar](repeating: 0, count: 16 << 10)
        while true {
            let code = getgrnam_r(name, &entry, &buffer, buffer.count, &found)
            guard code == ERANGE, buffer.count < 16 << 20 else { return code == 0 && found != nil ? entry.gr_gid : nil }
            buffer = [CChar](repeating: 0, count: buffer.count * 4)
        }
    }
}
