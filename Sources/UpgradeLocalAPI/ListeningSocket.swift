import Glibc

/// Server sockets made by hand, because they need close-on-exec (commands that the agent starts must not keep its port) and, for
/// the unix socket, their mode before anybody can connect.
enum ListeningSocket {
    /// What the system said no to.
    struct Refused: Error {
        /// `errno`.
        let code: Int32
        /// Its usual text.
        var text: String { String(cString: strerror(code)) }
    }

    /// A stream socket on 127.0.0.1. Port 0 = any free one.
    ///
    /// It listens already: two sockets may be bound to one port, and only `listen` finds out.
    static func listeningOnLoopback(port: UInt16) throws(Refused) -> (descriptor: Int32, port: Int) {
        let descriptor = try made(AF_INET)
        do throws(Refused) {
            var on: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            try bind(descriptor, to: &address)
            guard listen(descriptor, 64) == 0 else { throw Refused(code: errno) }
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let found = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
            }
            guard found == 0 else { throw Refused(code: errno) }
            return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// A stream socket bound to a path of at most 107 bytes.
    static func bound(toPath path: String) throws(Refused) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { throw Refused(code: ENAMETOOLONG) }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let descriptor = try made(AF_UNIX)
        do throws(Refused) {
            try bind(descriptor, to: &address)
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Has started programs begin without this descriptor.
    static func closeOnExec(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    private static func made(_ family: Int32) throws(Refused) -> Int32 {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Refused(code: errno) }
        return descriptor
    }

    private static func bind<Address>(_ descriptor: Int32, to address: inout Address) throws(Refused) {
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
        guard result == 0 else { throw Refused(code: errno) }
    }
}
