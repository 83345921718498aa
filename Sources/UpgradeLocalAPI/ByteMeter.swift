import NIOCore

/// Counts what comes in before the parser sees it: the parser alone bounds neither a slow head nor chunk framing.
final class ByteMeter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard connection.willParse(unwrapInboundIn(data).readableBytes) else { return }
        context.fireChannelRead(data)
        connection.didParse()
    }
}
