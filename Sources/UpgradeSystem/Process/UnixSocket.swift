import CSystemCalls
import Glibc

/// Stream sockets named by an opened folder, because a socket's path has no more than 107 bytes and a folder's may have many more.
enum UnixSocket {
    /// Listens on `name` in `folder`, for this user alone. Errors: `EADDRINUSE` when somebody answers there already.
    static func listen(folder: String, name: String) throws(SystemError) -> Descriptor {
        if let other = try? connect(folder: folder, name: name, timeout: .seconds(1)) {
            withExtendedLifetime(other) {}
            throw SystemError(code: EADDRINUSE)
        }
        let place = try open(folder)
        // What is left of one that was killed.
        _ = place.use { unlinkat($0, name, 0) }
        let socket = try make(flags: Int32(SOCK_NONBLOCK.rawValue))
        try socket.use { number throws(SystemError) in
            // Before it has a name: the kernel takes the rights over, so there is no moment at which others may connect.
            _ = try retrying { fchmod(number, 0o600) }
            try place.use { folder throws(SystemError) in
                try withAddress(folder, name) { address, length throws(SystemError) in _ = try retrying { bind(number, address, length) } }
            }
            _ = try retrying { Glibc.listen(number, 16) }
        }
        return socket
    }

    /// Connects to `name` in `folder`; sending and receiving give up with `EAGAIN` after `timeout`.
    static func connect(folder: String, name: String, timeout: Duration) throws(SystemError) -> Descriptor {
        let (place, socket) = (try open(folder), try make(flags: 0))
        try socket.use { number throws(SystemError) in
            try limit(number, SO_SNDTIMEO, timeout)
            try limit(number, SO_RCVTIMEO, timeout)
            try place.use { folder throws(SystemError) in
                try withAddress(folder, name) { address, length throws(SystemError) in
                    _ = try retrying { Glibc.connect(number, address, length) }
                }
            }
        }
        return socket
    }

    /// Removes the name.
    static func remove(folder: String, name: String) { _ = try? open(folder).use { unlinkat($0, name, 0) } }

    private static func open(_ folder: String) throws(SystemError) -> Descriptor {
        Descriptor(owning: try retrying { Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) })
    }

    private static func make(flags: Int32) throws(SystemError) -> Descriptor {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | flags
        return Descriptor(owning: try retrying { socket(AF_UNIX, kind, 0) })
    }

    private static func limit(_ socket: Int32, _ option: Int32, _ duration: Duration) throws(SystemError) {
        let parts = duration.components
        var time = timeval(tv_sec: Int(parts.seconds), tv_usec: Int(parts.attoseconds / 1_000_000_000_000))
        _ = try retrying { setsockopt(socket, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size)) }
    }

    private static func withAddress(
        _ folder: Int32, _ name: String, _ body: (UnsafePointer<sockaddr>, socklen_t) throws(SystemError) -> Void
    ) throws(SystemError) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array("/proc/self/fd/\(folder)/\(name)".utf8)
        guard path.count < MemoryLayout.size(ofValue: address.sun_path) else { throw SystemError(code: ENAMETOOLONG) }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        try withUnsafePointer(to: &address) { pointer throws(SystemError) in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic throws(SystemError) in
                try body(generic, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
