import Glibc

/// A socket that says exactly what a test wants it to say. Every wait has a deadline.
final class RawClient {
    struct Answer: Equatable {
        var status = 0
        var headers: [String: String] = [:]
        var body = ""
    }

    struct Failed: Error {
        let what: String
        let code = errno
    }

    private var descriptor: Int32
    private var buffer: [UInt8] = []

    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        let folder = open(String(path[..<slash]), O_RDONLY | O_DIRECTORY)
        defer { Glibc.close(folder) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let short = "/proc/self/fd/\(folder)\(path[slash...])"
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: short.utf8) }
        try connect(&address)
    }

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        try connect(&address)
    }

    deinit { hangUp() }

    private func connect<Address>(_ address: inout Address) throws {
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size)) }
        }
        if result != 0 { throw Failed(what: "connect") }
    }

    func hangUp() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    /// Tells the server that nothing more will come.
    func endOutput() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Sends all, or as much as the server takes; returns whether it was all.
    @discardableResult
    func send(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    func get(_ target: String, _ headers: String = "") throws -> Answer {
        send("GET \(target) HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n")
        return try answer()
    }

    /// The next answer. `hasBody: false` after a HEAD.
    func answer(hasBody: Bool = true) throws -> Answer {
        while true {
            if let end = headEnd() {
                var answer = parsed(buffer[..<end])
                buffer.removeFirst(end)
                let length = hasBody ? Int(answer.headers["content-length"] ?? "0") ?? 0 : 0
                while buffer.count < length { guard try receive() else { throw Failed(what: "body ended early") } }
                answer.body = String(decoding: buffer.prefix(length), as: UTF8.self)
                buffer.removeFirst(length)
                return answer
            }
            guard try receive() else { throw Failed(what: "no answer") }
        }
    }

    /// Everything until the server closes; bytes.
    func drained() throws -> Int {
        while try receive() {}
        return buffer.count
    }

    /// Whether the server closes without another word.
    func isClosed() throws -> Bool { try drained() == 0 }

    /// Whether something can be read by then.
    func hasAnswer(within milliseconds: Int32) -> Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&poll, 1, milliseconds) > 0
    }

    /// Whether the server hangs up, although nothing is read.
    func waitForHangUp(seconds: Int32) -> Bool {
        var poll = pollfd(fd: descriptor, events: 0, revents: 0)
        return Glibc.poll(&poll, 1, seconds * 1000) > 0 && poll.revents & Int16(POLLHUP) != 0
    }

    private func receive() throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        if count < 0, errno == ECONNRESET || errno == EPIPE { return false }
        if count < 0 { throw Failed(what: "nothing came in 30 s") }
        buffer.append(contentsOf: chunk.prefix(count))
        return count > 0
    }

    private func headEnd() -> Int? {
        guard buffer.count >= 4 else { return nil }
        for start in 0...(buffer.count - 4) where buffer[start] == 13 && buffer[start..<start + 4].elementsEqual([13, 10, 13, 10]) {
            return start + 4
        }
        return nil
    }

    private func parsed(_ head: ArraySlice<UInt8>) -> Answer {
        var answer = Answer()
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        answer.status = lines.first.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) } ?? 0
        for line in lines.dropFirst() {
            let sides = line.split(separator: ":", maxSplits: 1)
            answer.headers[sides[0].lowercased()] = String(sides[1].drop { $0 == " " })
        }
        return answer
    }
}
