import Glibc

/// A client on its way to its answer: one line in, one line out.
struct SupervisorConnection {
    let socket: Descriptor?
    /// The line must be here by then; nil once it is.
    var deadline: Duration?
    /// It asked to stop the agent and is answered when the agent is gone.
    var isWaiting = false
    /// The last wait had news of it.
    var isReady = false
    var bytes: [UInt8] = []

    init(_ socket: Descriptor, deadline: Duration) {
        self.socket = socket
        self.deadline = deadline
    }

    /// Takes what came. Nil = not yet a line.
    mutating func readLine() -> ReadLine? {
        var buffer = [UInt8](repeating: 0, count: SupervisorRequest.lineBytesMax)
        let count = socket?.use { recv($0, &buffer, buffer.count, 0) } ?? 0
        if count < 0 { return errno == EAGAIN || errno == EINTR ? nil : .gone }
        if count == 0 { return .gone }
        bytes += buffer[..<count]
        if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) { return .line(String(decoding: bytes[..<end], as: UTF8.self)) }
        return bytes.count < SupervisorRequest.lineBytesMax ? nil : .line("")
    }

    enum ReadLine { case line(String), gone }

    /// Says the answer; a client that does not listen has none.
    func answer(_ answer: SupervisorAnswer) {
        let bytes = Array((answer.line.map { $0.isNewline ? " " : $0 } + ["\n"]).map(String.init).joined().utf8)
        _ = socket?.use { send($0, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }
    }
}
