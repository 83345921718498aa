import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// A connection of the library with our ``ConnectionGuard`` between its decoder and everything else.
struct GuardedChannel: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    private let base: HTTP1Channel
    private let sendBufferBytes: Int
    private let makeGuard: @Sendable () -> ConnectionGuard

    init(base: HTTP1Channel, sendBufferBytes: Int, makeGuard: @escaping @Sendable () -> ConnectionGuard) {
        self.base = base
        self.sendBufferBytes = sendBufferBytes
        self.makeGuard = makeGuard
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        base.setup(channel: channel, logger: logger).flatMapThrowing { [makeGuard, sendBufferBytes] value in
            // It fails when the client is gone already.
            try? channel.syncOptions?.setOption(.socketOption(.so_sndbuf), value: .init(sendBufferBytes))
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(makeGuard(), position: .after(decoder))
            return value
        }
    }

    func handle(value: Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
