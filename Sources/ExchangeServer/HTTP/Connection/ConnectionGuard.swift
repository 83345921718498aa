import Logging
import NIOCore
import NIOHTTP1

/// Watches one connection: gives up slow clients, closes behind refused bodies, and lets no answer be cut off by a graceful stop.
///
/// It stands between the HTTP decoder and the library. All calls come on the connection's event loop.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let limits: ConnectionLimits
    private let meter: HubMeter
    private let logger: Logger
    private var clock: ConnectionClock
    private var exchanges: [OpenExchange] = []
    private var ticks: RepeatedTask?
    private var isListening = false
    private var isClosing = false
    private var unflushedEnd: EventLoopFuture<Void>?
    private var lastBody: EventLoopFuture<Void>?

    init(limits: ConnectionLimits, meter: HubMeter, logger: Logger) {
        self.limits = limits
        self.meter = meter
        self.logger = logger
        clock = ConnectionClock(limits, opened: .now())
    }

    func handlerAdded(context: ChannelHandlerContext) {
        meter.connectionOpened()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let tick = TimeAmount(limits.tick)
        ticks = context.eventLoop.scheduleRepeatedTask(initialDelay: tick, delay: tick) { _ in
            let (watch, context) = bound.value
            watch.look(context)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        ticks?.cancel()
        ticks = nil
        meter.connectionClosed()
    }

    // MARK: What comes in

    func read(context: ChannelHandlerContext) {
        // What a refused client still sends stays in the kernel until the connection is closed.
        if isClosing { return }
        isListening = true
        context.read()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isListening = false
        context.fireChannelReadComplete()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isClosing { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            clock.noteHead(at: .now())
            exchanges.append(OpenExchange(head))
        case .body(let bytes):
            clock.noteBody(bytes.readableBytes)
            let refused = exchanges.indices.last.map { exchanges[$0].take(bytes.readableBytes) } ?? 0
            if refused > limits.refusedBytesMax { return closeSoon(context) }
        case .end:
            clock.noteEnd(at: .now())
            if let last = exchanges.indices.last { exchanges[last].isRead = true }
            exchanges.removeAll { $0.isDone }
        }
        context.fireChannelRead(data)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(ChannelEvent.inputClosed) = event as? ChannelEvent { breakOff(context) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        breakOff(context)
        context.fireChannelInactive()
    }

    /// Half a body must never look like a whole one.
    private func breakOff(_ context: ChannelHandlerContext) {
        if exchanges.contains(where: { !$0.isRead }) { context.fireErrorCaught(ChannelError.inputClosed) }
    }

    // MARK: What goes out

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if isClosing {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        clock.noteWrite()
        switch unwrapOutboundIn(data) {
        case .head(var head):
            if let first = exchanges.indices.first, exchanges[first].begin(limits, isCrowded: meter.isCrowded(limits.connectionsMax)) {
                head.headers.replaceOrAdd(name: "connection", value: "close")
            }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            let promise = promise ?? context.eventLoop.makePromise()
            lastBody = promise.futureResult
            context.write(data, promise: promise)
        case .end: end(context, data, promise)
        }
    }

    private func end(_ context: ChannelHandlerContext, _ data: NIOAny, _ promise: EventLoopPromise<Void>?) {
        clock.noteAnswered(at: .now())
        let promise = promise ?? context.eventLoop.makePromise()
        unflushedEnd = promise.futureResult
        let closes = exchanges.first?.closes ?? true
        if let first = exchanges.indices.first { exchanges[first].isAnswered = true }
        let isRead = exchanges.first?.isRead ?? true
        exchanges.removeAll { $0.isDone }
        guard closes else { return context.write(data, promise: promise) }
        context.writeAndFlush(data, promise: promise)
        if isRead { closeAfterFlush(context) } else { closeSoon(context) }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        if event is Flushed {
            if isClosing { return promise?.fail(ChannelError.ioOnClosedChannel) ?? () }
            return (lastBody ?? context.eventLoop.makeSucceededVoidFuture()).cascade(to: promise)
        }
        guard event is WatchedBody.Wanted else { return context.triggerUserOutboundEvent(event, promise: promise) }
        guard let first = exchanges.indices.first, exchanges[first].awaitsContinue, !isClosing else { return }
        exchanges[first].awaitsContinue = false
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
    }

    /// A stop of the hub closes right behind the last part, which would drop what the client has not taken yet.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .all, let unflushedEnd else { return context.close(mode: mode, promise: promise) }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        unflushedEnd.whenComplete { _ in bound.value.close(mode: mode, promise: promise) }
    }

    private func closeAfterFlush(_ context: ChannelHandlerContext) {
        isClosing = true
        close(context: context, mode: .all, promise: nil)
    }

    /// Closes when the client has had time to read the answer; at once it would be told of a broken connection instead.
    private func closeSoon(_ context: ChannelHandlerContext) {
        if isClosing { return }
        isClosing = true
        context.flush()
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limits.linger)) { bound.value.close(mode: .all, promise: nil) }
    }

    // MARK: Time

    private func look(_ context: ChannelHandlerContext) {
        let pending = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        let isListening = isListening && !exchanges.contains { $0.awaitsContinue }
        guard let reason = clock.verdict(at: .now(), isListening: isListening, pending: pending) else { return }
        ticks?.cancel()
        meter.gaveUp(reason)
        logger.info("connection given up", metadata: ["reason": "\(reason.rawValue)", "peer": "\(context.remoteAddress?.ipAddress ?? "")"])
        if reason == .body, exchanges.count == 1, exchanges.first?.isBegun == false {
            refuseSlowBody(context)
        } else {
            context.close(mode: .all, promise: nil)
        }
    }

    private func refuseSlowBody(_ context: ChannelHandlerContext) {
        let headers: HTTPHeaders = ["connection": "close", "content-length": "0"]
        context.write(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .requestTimeout, headers: headers))), promise: nil)
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
        closeSoon(context)
        context.fireErrorCaught(WatchedBody.TooSlow())
    }
}
