import UpgradePorts

/// What lies between the thread that fetches and the one that reads: the head, up to 1 MiB of bytes, and the end.
final class PieceBuffer: @unchecked Sendable {
    /// Bytes that are fetched ahead of the reader.
    static let capacity = 1 << 20

    /// How `append` ended.
    enum Appended: Equatable {
        /// All bytes are in; how long the reader made us wait.
        case taken(waited: Duration)
        /// The reader does not want it any more.
        case cancelled
        /// The reader did not make room in time.
        case timeOver
    }

    private enum End {
        case finished
        case failed(TransferFailure)
    }

    private let monitor = Monitor()
    private var response: TransferResponse?
    private let ring = ByteRing(capacity: PieceBuffer.capacity)
    private var end: End?
    private var cancelled = false

    // MARK: The side that fetches

    /// The head; comes once, before bytes.
    func give(_ response: TransferResponse) { monitor.withLock { self.response = response } }

    /// Blocks while the buffer is full.
    func append(_ bytes: UnsafeRawBufferPointer, deadline: Duration) -> Appended {
        var rest = bytes[...]
        var waited = Duration.zero
        while !rest.isEmpty {
            let asked = Monotonic.now()
            let mustWait = monitor.withLock { !cancelled && ring.free == 0 }
            let ended: Appended? = monitor.wait(until: deadline) {
                cancelled || ring.free > 0
            } then: {
                if cancelled { return .cancelled }
                if ring.free == 0 { return .timeOver }
                rest = rest.dropFirst(ring.append(UnsafeRawBufferPointer(rebasing: rest)))
                return nil
            }
            if let ended { return ended }
            if mustWait { waited += Monotonic.now() - asked }
        }
        return .taken(waited: waited)
    }

    /// Nothing more comes; nil = the body is complete.
    func finish(_ failure: TransferFailure?) { monitor.withLock { end = failure.map { .failed($0) } ?? .finished } }

    /// The reader's side cancelled.
    var isCancelled: Bool { monitor.withLock { cancelled } }

    // MARK: The side that reads

    /// Bytes that came before a failure are handed out first: a resume can use them.
    func next(max: Int) -> Result<TransferPiece, TransferFailure> {
        monitor.withLock {
            if let response {
                self.response = nil
                return .success(.response(response))
            }
            if ring.count > 0 { return .success(.bytes(ring.take(max: Swift.max(1, max)))) }
            switch end {
            case nil: return .success(.pending)
            case .finished: return .success(.finished)
            case .failed(let failure): return .failure(failure)
            }
        }
    }

    /// Blocks until `next` would not say `.pending`.
    func wait(until deadline: Duration) {
        monitor.wait(until: deadline) {
            cancelled || response != nil || ring.count > 0 || end != nil
        } then: {
        }
    }

    /// Frees a waiting reader and a blocked writer.
    func cancel() { monitor.withLock { cancelled = true } }
}
