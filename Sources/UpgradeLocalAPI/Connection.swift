import NIOCore
import NIOHTTP1
import NIOPosix
import UpgradePorts

/// One client's connection: collects a request, has it answered, one after the other. Lives on the event loop only.
///
/// It does not use the pipelining and error handlers that come with the parser: they trap when an answer is due before the request's
/// head is complete, which is what a slow or oversized head needs.
final class Connection: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = HTTPServerResponsePart

    /// Where the current request is.
    enum Phase {
        /// No byte of it yet.
        case idle
        /// Some bytes, head not complete.
        case head
        /// Head complete and admitted.
        case body(HTTPRequestHead)
        /// With the handler, or its answer is being written. What arrives meanwhile waits.
        case answering
        /// The last answer is given; further input is thrown away.
        case ending
    }

    /// What every connection of one door shares.
    struct Service: Sendable {
        let handler: any LocalAPIHandler
        let workers: NIOThreadPool
        let limits: LocalAPILimits
    }

    let service: Service
    let admission: AdmissionRule
    var phase = Phase.idle
    var context: ChannelHandlerContext?
    var timer: Scheduled<Void>?
    /// The server or the client wants no further request on this connection.
    var isLast = false
    private var body = ByteBuffer()
    /// Since the end of the previous request, framing included.
    private var rawBytes = 0
    private var waiting: [HTTPServerRequestPart] = []
    private var waitingFailure: LocalResponse?
    private var isReadWanted = false

    init(service: Service, admission: AdmissionRule) {
        self.service = service
        self.admission = admission
    }

    var limits: LocalAPILimits { service.limits }

    // MARK: Input

    /// Bytes that are about to be parsed. Returns whether they shall be.
    func willParse(_ count: Int) -> Bool {
        if case .ending = phase { return false }
        if case .idle = phase {
            phase = .head
            arm(.request)
        }
        rawBytes += count
        return true
    }

    /// After parsing, so that a head which just became complete is judged by its own size.
    func didParse() {
        switch phase {
        case .head where rawBytes > limits.headBytesMax: finish(.headTooLarge(limits.headBytesMax))
        case .body where rawBytes > limits.rawBytesMax: finish(.bodyTooLarge(limits.bodyBytesMax))
        case .answering where rawBytes > limits.rawBytesMax: context?.close(promise: nil)
        case .idle, .head, .body, .answering, .ending: break
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        if case .answering = phase { waiting.append(part) } else { take(part) }
    }

    /// A client that sends faster than it is answered waits in the kernel, not in our memory.
    func read(context: ChannelHandlerContext) {
        if case .answering = phase { isReadWanted = true } else { context.read() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
        let answer =
            error == .headerOverflow
            ? LocalResponse.headTooLarge(limits.headBytesMax) : .refusal(400, "This is not an HTTP/1 request: \(error).")
        if case .answering = phase { waitingFailure = answer } else { finish(answer) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed = event else { return context.fireUserInboundEventTriggered(event) }
        isLast = true
        switch phase {
        case .answering: break
        case .idle, .head, .body, .ending: context.close(promise: nil)
        }
    }

    private func take(_ part: HTTPServerRequestPart) {
        switch (part, phase) {
        case (.head(let head), .idle), (.head(let head), .head): takeHead(head)
        case (.body(var bytes), .body(let head)):
            guard body.readableBytes + bytes.readableBytes <= limits.bodyBytesMax else {
                return finish(.bodyTooLarge(limits.bodyBytesMax), to: head)
            }
            body.writeBuffer(&bytes)
        case (.end, .body(let head)): dispatch(head)
        case (.head, _), (.body, _), (.end, _): break
        }
    }

    private func takeHead(_ head: HTTPRequestHead) {
        if case .idle = phase { arm(.request) }
        phase = .body(head)
        body.clear()
        let fields = head.headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
        if head.method.rawValue.utf8.count + head.uri.utf8.count + fields + 14 > limits.headBytesMax {
            return finish(.headTooLarge(limits.headBytesMax), to: head)
        }
        if let refusal = admission.refusal(method: head.method.rawValue, hosts: head.headers["host"]) {
            return finish(refusal, to: head)
        }
        if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }), length > limits.bodyBytesMax {
            return finish(.bodyTooLarge(limits.bodyBytesMax), to: head)
        }
        if head.headers[canonicalForm: "expect"].contains(where: { $0.lowercased() == "100-continue" }) {
            context?.writeAndFlush(wrapOutboundOut(.head(.init(version: .http1_1, status: .continue))), promise: nil)
        }
    }

    // MARK: The handler

    private func dispatch(_ head: HTTPRequestHead) {
        rawBytes = 0
        timer?.cancel()
        guard let target = RequestTarget(head.uri) else {
            return finish(
                .refusal(400, "The request target is not an absolute path in UTF-8.", input: String(head.uri.prefix(100))), to: head)
        }
        phase = .answering
        let request = LocalRequest(
            method: head.method.rawValue, path: target.path, query: target.query, body: Array(body.readableBytesView),
            door: admission.door, host: head.headers.first(name: "host"))
        guard let loop = context?.eventLoop else { return }
        let handler = service.handler
        service.workers.runIfActive(eventLoop: loop) { handler.respond(to: request) }
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success(let response): self.answer(response, to: head)
                case .failure: self.context?.close(promise: nil)
                }
            }
    }

    /// Goes on with what arrived while the previous answer was given.
    func next() {
        phase = .idle
        arm(.idle)
        while !waiting.isEmpty {
            if case .answering = phase { return }
            take(waiting.removeFirst())
        }
        if case .answering = phase { return }
        if let failure = waitingFailure { return finish(failure) }
        if isReadWanted {
            isReadWanted = false
            context?.read()
        }
    }
}
