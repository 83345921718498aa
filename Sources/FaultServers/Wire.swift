import Glibc

/// A connected socket of a test server. Writes never raise SIGPIPE; closed when dropped.
package final class Wire: @unchecked Sendable {
    private let descriptor: Int32

    init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// A connection to 127.0.0.1; nil when it is refused.
    package static func connect(port: UInt16) -> Wire? {
        let wire = Wire(descriptor: socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0))
        let result = withLoopbackAddress(port: port) { Glibc.connect(wire.descriptor, $0, $1) }
        return result == 0 ? wire : nil
    }

    /// The next bytes; empty at the end and after an error.
    package func read(max: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: max) { buffer, count in
            var result = -1
            repeat { result = recv(descriptor, buffer.baseAddress, max, 0) } while result < 0 && errno == EINTR
            count = Swift.max(0, result)
        }
    }

    /// False when the other side has gone.
    @discardableResult
    package func write(_ bytes: some Sequence<UInt8>) -> Bool {
        let all = Array(bytes)
        var sent = 0
        while sent < all.count {
            let result = all[sent...].withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if result < 0, errno == EINTR { continue }
            guard result > 0 else { return false }
            sent += result
        }
        return true
    }

    /// Ends both directions; a read that blocks returns, the other side sees the end.
    package func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Says that nothing more will be written.
    package func endWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Blocks until the other side has gone, or `hangUp` was called.
    package func waitUntilGone() { while !read(max: 4096).isEmpty {} }
}

/// What `body` answers for the address of a port of 127.0.0.1.
func withLoopbackAddress(port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafeBytes(of: &address) { raw in
        raw.baseAddress.map { body($0.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count)) } ?? -1
    }
}
