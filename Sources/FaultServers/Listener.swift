import Glibc

/// Takes connections on a port of 127.0.0.1 that it keeps for life, or on a unix socket; each connection gets its own thread.
package final class Listener: @unchecked Sendable {
    /// The free port that was drawn; 0 for a unix socket.
    package let port: UInt16
    /// Holds the port while nobody listens, so that "down" is really "refused" and "up" finds the same port.
    private let reserve: Int32
    private let handle: @Sendable (Wire) -> Void
    private let lock = ServerLock()
    private var listening: Int32 = -1
    private var open: [ObjectIdentifier: Wire] = [:]

    /// Nil when the system has no socket for it. `handle` may block; the connection ends when it returns.
    package init?(_ handle: @escaping @Sendable (Wire) -> Void) {
        self.handle = handle
        reserve = Self.socketOnLoopback(port: 0)
        guard reserve >= 0 else { return nil }
        port = Self.port(of: reserve)
        guard port != 0, up() else { return nil }
    }

    /// On a unix socket, at most 107 bytes of path.
    package init?(socketPath: String, _ handle: @escaping @Sendable (Wire) -> Void) {
        self.handle = handle
        port = 0
        reserve = -1
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socketPath.utf8.prefix($0.count - 1)) }
        let bound = withUnsafeBytes(of: &address) { raw in
            raw.baseAddress.map { bind(descriptor, $0.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count)) } ?? -1
        }
        guard descriptor >= 0, bound == 0, start(descriptor) else { return nil }
    }

    deinit {
        down()
        if reserve >= 0 { close(reserve) }
    }

    /// Connections are taken again, on the same port.
    @discardableResult
    package func up() -> Bool { start(Self.socketOnLoopback(port: port)) }

    /// Connections are refused from now on, and those that are open end.
    package func down() {
        lock.withLock {
            if listening >= 0 { shutdown(listening, Int32(SHUT_RDWR)) }
            listening = -1
            open.values.forEach { $0.hangUp() }
        }
    }

    private func start(_ descriptor: Int32) -> Bool {
        guard descriptor >= 0, listen(descriptor, 128) == 0 else { return false }
        lock.withLock { listening = descriptor }
        // The loop owns the descriptor, so it cannot be closed under an `accept` that blocks.
        return startThread { [weak self] in
            while true {
                let accepted = accept(descriptor, nil, nil)
                if accepted < 0, errno == EINTR || errno == ECONNABORTED { continue }
                guard accepted >= 0, let self else { break }
                self.serve(Wire(descriptor: accepted))
            }
            close(descriptor)
        }
    }

    private func serve(_ wire: Wire) {
        let handle = self.handle
        lock.withLock { open[ObjectIdentifier(wire)] = wire }
        _ = startThread { [weak self] in
            handle(wire)
            wire.hangUp()
            self?.forget(wire)
        }
    }

    private func forget(_ wire: Wire) { _ = lock.withLock { open.removeValue(forKey: ObjectIdentifier(wire)) } }

    private static func socketOnLoopback(port: UInt16) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var on: Int32 = 1
        for option in [SO_REUSEADDR, SO_REUSEPORT] {
            setsockopt(descriptor, SOL_SOCKET, option, &on, socklen_t(MemoryLayout<Int32>.size))
        }
        guard withLoopbackAddress(port: port, { bind(descriptor, $0, $1) }) == 0 else {
            close(descriptor)
            return -1
        }
        return descriptor
    }

    private static func port(of descriptor: Int32) -> UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutableBytes(of: &address) { raw in
            raw.baseAddress.map { getsockname(descriptor, $0.assumingMemoryBound(to: sockaddr.self), &length) } ?? -1
        }
        return result == 0 ? UInt16(bigEndian: address.sin_port) : 0
    }
}
