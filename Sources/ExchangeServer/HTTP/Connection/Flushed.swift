import NIOCore

/// Asks the ``ConnectionGuard`` to tell when everything that was written so far has left the hub's memory.
struct Flushed: Sendable {}

extension RequestRecord {
    /// Waits until the kernel has everything that was written of this answer; fails when the connection does, or when the task is
    /// cancelled.
    func flushed() async throws {
        guard let channel else { return }
        let promise = channel.eventLoop.makePromise(of: Void.self)
        channel.triggerUserOutboundEvent(Flushed(), promise: promise)
        // A stop of the hub does not wait for a client that takes nothing.
        try await withTaskCancellationHandler {
            try await promise.futureResult.get()
        } onCancel: {
            promise.fail(CancellationError())
        }
    }
}
