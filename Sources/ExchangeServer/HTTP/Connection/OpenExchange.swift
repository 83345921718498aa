import NIOHTTP1

/// One request and its answer on a connection, from the request's head to the end of both.
struct OpenExchange {
    /// Whether the client waits for `100 Continue` before it sends the body.
    var awaitsContinue: Bool
    /// The request's last byte is here.
    var isRead = false
    /// The answer's last byte is written.
    var isAnswered = false
    /// The answer's head is written.
    private(set) var isBegun = false
    /// The connection ends behind this answer.
    private(set) var closes: Bool
    /// Bytes of the body that are not here yet; nil = nobody knows.
    private var remaining: Int?
    private var refused = 0

    var isDone: Bool { isRead && isAnswered }

    init(_ head: HTTPRequestHead) {
        closes = !head.isKeepAlive
        awaitsContinue = head.headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" }
        let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        remaining = head.headers.contains(name: "transfer-encoding") ? nil : length
    }

    /// Takes bytes of the body.
    /// - Returns: How many have come since the answer, which did not wait for them.
    mutating func take(_ count: Int) -> Int {
        awaitsContinue = false
        remaining = remaining.map { $0 - count }
        if isAnswered { refused += count }
        return refused
    }

    /// The answer begins.
    /// - Returns: Whether the connection ends behind it: the client or the crowd asks for it, or too much of the body is still to come.
    mutating func begin(_ limits: ConnectionLimits, isCrowded: Bool) -> Bool {
        isBegun = true
        let isLeftOver = !isRead && (awaitsContinue || remaining.map { $0 > limits.refusedBytesMax } ?? true)
        closes = closes || isCrowded || isLeftOver
        return closes
    }
}
