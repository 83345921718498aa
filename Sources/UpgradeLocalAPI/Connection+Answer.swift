import NIOCore
import NIOHTTP1
import UpgradePorts

extension Connection {
    /// Gives the handler's answer and goes on, or ends when nobody wants to go on.
    func answer(_ response: LocalResponse, to head: HTTPRequestHead) {
        // After either of these the parser takes no further request.
        let isParserDone = head.method == .CONNECT || head.headers.contains(name: "upgrade")
        guard !isLast, head.isKeepAlive, !isParserDone else { return finish(response, to: head) }
        write(response, to: head, isLast: false)?.whenSuccess { self.next() }
    }

    /// Gives one last answer and ends.
    func finish(_ response: LocalResponse, to head: HTTPRequestHead? = nil) {
        if case .ending = phase { return }
        phase = .ending
        write(response, to: head, isLast: true)?.whenSuccess { self.linger() }
    }

    /// Ends when no request is under way, otherwise after its answer.
    func endSoon() {
        isLast = true
        if case .idle = phase { context?.close(promise: nil) }
    }

    /// Closing with unread input makes the kernel reset the connection: a client that is still sending fails, and may never look for the
    /// answer.
    private func linger() {
        guard let context else { return }
        arm(.linger)
        context.close(mode: .output, promise: nil)
        context.read()
    }

    private func write(_ response: LocalResponse, to head: HTTPRequestHead?, isLast: Bool) -> EventLoopFuture<Void>.Isolated? {
        guard let context else { return nil }
        arm(.write)
        var answer = HTTPResponseHead(version: .http1_1, status: .init(statusCode: response.status))
        if response.status >= 200, response.status != 204, response.status != 304 {
            answer.headers.add(name: "Content-Length", value: String(response.body.count))
        }
        if !response.body.isEmpty { answer.headers.add(name: "Content-Type", value: response.contentType) }
        answer.headers.add(name: "Cache-Control", value: "no-store")
        answer.headers.add(name: "X-Content-Type-Options", value: "nosniff")
        if isLast {
            answer.headers.add(name: "Connection", value: "close")
        } else if head?.version == .http1_0 {
            answer.headers.add(name: "Connection", value: "keep-alive")
        }
        for (name, value) in response.headers { answer.headers.add(name: name, value: value) }

        context.write(wrapOutboundOut(.head(answer)), promise: nil)
        if head?.method != .HEAD, answer.headers.contains(name: "Content-Length"), !response.body.isEmpty {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: response.body)))), promise: nil)
        }
        return context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated()
    }
}
