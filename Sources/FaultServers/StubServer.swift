/// A request that reached a stub server.
package struct StubRequest: Sendable {
    /// `GET`, …
    package let method: String
    /// Path and query as sent.
    package let target: String
    /// In order, names as sent.
    package let head: WireHead
    /// As long as `Content-Length` said.
    package let body: [UInt8]
}

/// What a stub server answers.
package struct StubResponse: Sendable {
    /// Status code.
    package var status: Int
    /// Besides `Content-Length` and `Connection`.
    package var headers: [(name: String, value: String)]
    /// Whole body.
    package var body: [UInt8]
    /// Announced instead of the true length; the connection ends after `body` all the same.
    package var announcedLength: Int?
    /// Sent instead of everything above.
    package var raw: [UInt8]?
    /// After the answer the connection stays silent until the client leaves.
    package var holdsOpen = false

    /// An answer with a body.
    package init(_ status: Int = 200, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    var bytes: [UInt8] {
        if let raw { return raw }
        var head = WireHead(firstLine: "HTTP/1.1 \(status) Stub", headers: headers)
        head.set("Content-Length", String(announcedLength ?? body.count))
        head.set("Connection", "close")
        return head.bytes + body
    }
}

/// A tiny HTTP/1.1 server for tests: free port or unix socket, one request per connection, answers by closure.
package final class StubServer: @unchecked Sendable {
    private let lock = ServerLock()
    private var log: [StubRequest] = []
    private var listener: Listener?
    private let handler: @Sendable (StubRequest) -> StubResponse

    /// Listens from now on, until dropped.
    package init(socketPath: String? = nil, _ handler: @escaping @Sendable (StubRequest) -> StubResponse) throws {
        self.handler = handler
        let serve: @Sendable (Wire) -> Void = { [weak self] in self?.serve($0) }
        listener = if let socketPath { Listener(socketPath: socketPath, serve) } else { Listener(serve) }
        guard listener != nil else { throw NoSocket() }
    }

    /// The machine has no free port or refuses the path.
    package struct NoSocket: Error {}

    /// Drawn at the start.
    package var port: UInt16 { listener?.port ?? 0 }

    /// `http://127.0.0.1:port`.
    package var url: String { "http://127.0.0.1:\(port)" }

    /// What was asked, in order of arrival.
    package var requests: [StubRequest] { lock.withLock { log } }

    private func serve(_ wire: Wire) {
        let reader = WireReader(wire)
        guard let head = reader.head() else { return }
        let request = StubRequest(
            method: head.word(0), target: head.word(1), head: head, body: reader.body(head.contentLength ?? 0))
        lock.withLock { log.append(request) }
        let response = handler(request)
        guard wire.write(response.bytes) else { return }
        if response.holdsOpen {
            wire.waitUntilGone()
        } else {
            // Closing with unread bytes would reset the connection and could swallow the answer.
            wire.endWriting()
            wire.waitUntilGone()
        }
    }
}
