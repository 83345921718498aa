import NIOCore

/// One connection: the next request when the last was answered, until the window is over.
final class LoadClient: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let requests: [ByteBuffer]
    private let status: Int
    private let window: Range<NIODeadline>
    private let tally: SharedTally
    private var place: Int
    private var sent = NIODeadline.now()
    private var parser = AnswerParser()
    private var answersLeft: Int
    private var isDone = false

    /// - Parameters:
    ///   - first: The request that this connection begins with; each takes the ones behind it in turn.
    ///   - window: Answers to requests that were sent in it are counted.
    ///   - answersMax: After so many the connection is closed too.
    init(
        _ requests: [ByteBuffer], status: Int, first: Int, window: Range<NIODeadline>, answersMax: Int = .max, tally: SharedTally
    ) {
        (self.requests, self.status, self.window, self.tally) = (requests, status, window, tally)
        (place, answersLeft) = (first, answersMax)
    }

    func channelActive(context: ChannelHandlerContext) { send(context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        parser.add(&bytes)
        guard let found = parser.next() else { return }
        let now = NIODeadline.now()
        if window.contains(sent) {
            tally.change { tally in
                if found == status { tally.latencies.append((now - sent).nanoseconds) } else { tally.fail("status \(found)") }
            }
        }
        answersLeft -= 1
        send(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !isDone { tally.change { $0.fail("the connection was closed") } }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        tally.change { $0.fail("\(error)") }
        isDone = true
        context.close(promise: nil)
    }

    private func send(_ context: ChannelHandlerContext) {
        sent = .now()
        guard sent < window.upperBound, answersLeft > 0 else {
            isDone = true
            return context.close(promise: nil)
        }
        place = (place + 1) % requests.count
        context.writeAndFlush(wrapOutboundOut(requests[place]), promise: nil)
    }
}
