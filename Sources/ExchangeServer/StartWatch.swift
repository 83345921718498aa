/// Follows the start of the server: whether requests are taken, or why it must stop at once.
actor StartWatch {
    private(set) var isReady = false
    private(set) var failure: (any Error)?
    private var stopper: (@Sendable () -> Void)?

    /// Says how to stop; stops now when the failure came first.
    func arm(_ stop: @escaping @Sendable () -> Void) {
        stopper = stop
        if failure != nil { stop() }
    }

    func noteReady() { isReady = true }

    func stop(because error: any Error) {
        failure = error
        stopper?()
    }
}
