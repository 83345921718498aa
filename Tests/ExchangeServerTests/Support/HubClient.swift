import FoundationEssentials
import Glibc
import NIOPosix
import UpgradeWire

/// The plainest HTTP client: one connection per request, bytes as they are, so that a test can also break the rules.
///
/// It blocks on threads of its own, because the hub needs the cooperative ones.
struct HubClient: Sendable {
    let port: UInt16

    func send(
        _ method: String, _ path: String, auth: String? = nil, json: JSONValue? = nil, body: [UInt8]? = nil,
        headers: [String: String] = [:]
    ) async throws -> Answer {
        let bytes = try json.map { Array(try JSONEncoder().encode($0)) } ?? body
        var head = Self.head(method, path, auth: auth, headers: headers)
        if let bytes { head += "Content-Length: \(bytes.count)\r\n" }
        return try await raw(Array((head + "\r\n").utf8) + (bytes ?? []))
    }

    static func head(_ method: String, _ path: String, auth: String?, headers: [String: String] = [:]) -> String {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n"
        if let auth { head += "Authorization: Basic \(Data(auth.utf8).base64EncodedString())\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        return head
    }

    /// Sends these bytes and reads to the end.
    func raw(_ bytes: [UInt8]) async throws -> Answer {
        try await ClientThreads.pool.runIfActive { [port] in
            let connection = try Connection(port: port)
            try connection.send(bytes)
            return try Answer(connection.readToEnd())
        }
    }

    /// Sends these bytes, holds the connection until the hub has noticed them, and hangs up without reading.
    func sendAndHangUp(_ bytes: [UInt8], once isNoticed: @escaping @Sendable () -> Bool) async throws {
        try await ClientThreads.pool.runIfActive { [port] in
            let connection = try Connection(port: port)
            try connection.send(bytes)
            let deadline = ContinuousClock().now + .seconds(20)
            while !isNoticed() {
                if ContinuousClock().now > deadline { throw TestFailure("the hub has not noticed the request within 20 s") }
                usleep(2_000)
            }
        }
    }
}

/// A TCP connection that closes itself.
private final class Connection {
    private let descriptor: Int32

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let outcome = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard descriptor >= 0, outcome == 0 else { throw TestFailure("cannot connect to port \(port): \(errno)") }
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            // The hub may answer and close before it has read a body that it refuses.
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }

    func readToEnd() throws -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count < 0 && bytes.isEmpty { throw TestFailure("no answer: \(errno)") }
            if count <= 0 { return bytes }
            bytes += chunk.prefix(count)
        }
    }
}
