/// Follows the start of the server: whether requests are taken, or why it must stop at once.
actor StartWatch {
    private(set) var isReady = false
    private(set) var areOthersOpen = false
    private(set) var failure: (any Error)?
    private var stopper: (@Sendable () -> Void)?
    private let others = AsyncStream.makeStream(of: Never.self)
    private let portFile: String?
    private let ready: @Sendable (Int) -> Void

    /// Says the port, once everything is open, in the file and with the call.
    init(portFile: String?, ready: @escaping @Sendable (Int) -> Void) {
        self.portFile = portFile
        self.ready = ready
    }

    /// Says how to stop; stops now when the failure came first.
    func arm(_ stop: @escaping @Sendable () -> Void) {
        stopper = stop
        if failure != nil { stop() }
    }

    /// Every address but the hub's own takes requests.
    func noteOthersOpen() {
        areOthersOpen = true
        others.continuation.finish()
    }

    /// Waits for that, so that the hub's own address is the last one. Errors: cancellation, which comes when another one fails.
    nonisolated func waitForOthers() async throws {
        for await _ in others.stream {}
        try Task.checkCancellation()
    }

    /// The hub's own address takes requests.
    func noteOpen(port: Int) {
        do {
            if let portFile { try PortFile.write(port, to: portFile) }
            isReady = true
            ready(port)
        } catch {
            failure = error
            stopper?()
        }
    }
}
