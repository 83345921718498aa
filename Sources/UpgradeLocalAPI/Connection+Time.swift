import NIOCore

extension Connection {
    /// What a connection is waiting for. One timer each, none while the handler works or when nobody is connected.
    enum Deadline {
        case idle, request, write, linger
    }

    /// Replaces the timer.
    func arm(_ deadline: Deadline) {
        timer?.cancel()
        let limit =
            switch deadline {
            case .idle: limits.idleTime
            case .request: limits.requestTime
            case .write: limits.writeTime
            case .linger: limits.lingerTime
            }
        timer = context?.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limit)) { self.expired(deadline) }
    }

    private func expired(_ deadline: Deadline) {
        switch deadline {
        case .request: finish(.tooSlow(limits.requestTime))
        case .idle, .write, .linger: context?.close(promise: nil)
        }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        arm(.idle)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        self.context = nil
    }
}
