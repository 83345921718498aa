import Glibc
import NIOPosix

/// A connection under the control of a test, byte by byte. It blocks, so it is used inside ``run(port:receiveBuffer:_:)`` alone.
final class SlowClientLine {
    private let descriptor: Int32

    /// Does something with a fresh connection on a thread that may block.
    static func run<Result: Sendable>(
        port: UInt16, receiveBuffer: Int32? = nil, _ work: @escaping @Sendable (SlowClientLine) throws -> Result
    ) async throws -> Result {
        try await ClientThreads.pool.runIfActive { try work(try SlowClientLine(port: port, receiveBuffer: receiveBuffer)) }
    }

    init(port: UInt16, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        if var size = receiveBuffer { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size)) }
        let outcome = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard descriptor >= 0, outcome == 0 else { throw TestFailure("cannot connect to port \(port): \(errno)") }
    }

    deinit { close(descriptor) }

    /// Sends everything.
    /// - Returns: Whether the hub still takes it.
    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count <= 0 { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Says that nothing more comes.
    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// What comes until the text is there or the hub closes; fails after 20 s.
    func receive(until text: String? = nil) throws -> String {
        let deadline = ContinuousClock().now + .seconds(20)
        var received: [UInt8] = []
        while ContinuousClock().now < deadline {
            guard let chunk = try poll(milliseconds: 100) else { continue }
            received += chunk
            if chunk.isEmpty { return String(decoding: received, as: UTF8.self) }
            if let text, String(decoding: received.suffix(1 << 16), as: UTF8.self).contains(text) {
                return String(decoding: received, as: UTF8.self)
            }
        }
        throw TestFailure("neither '\(text ?? "")' nor the end came within 20 s, but \(received.count) bytes")
    }

    /// How many bytes come until the hub closes; fails when nothing comes for 20 s.
    func count() throws -> Int {
        var count = 0
        while let chunk = try poll(milliseconds: 20_000) {
            if chunk.isEmpty { return count }
            count += chunk.count
        }
        throw TestFailure("nothing came for 20 s after \(count) bytes")
    }

    /// What is there within this time: nil = nothing, empty = the end.
    func poll(milliseconds: Int32, bytesMax: Int = 1 << 16) throws -> [UInt8]? {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard Glibc.poll(&request, 1, milliseconds) > 0 else { return nil }
        var chunk = [UInt8](repeating: 0, count: bytesMax)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        return Array(chunk.prefix(max(0, count)))
    }
}
