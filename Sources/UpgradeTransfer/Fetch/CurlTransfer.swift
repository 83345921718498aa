import Synchronization
import UpgradePorts

/// Downloads with libcurl, one thread each, through a buffer of 1 MiB: what is not read is not fetched.
///
/// A transfer that is forgotten by its reader ends at its own `timeout` at the latest, and all end with this object.
package final class CurlTransfer: Transfer, @unchecked Sendable {
    private static let numbers = Atomic<Int>(0)

    private let monitor = Monitor()
    /// By transfer; gone once its end was told.
    private var running: [TransferID: PieceBuffer] = [:]

    /// No transfer yet.
    package init() {}

    deinit { running.values.forEach { $0.cancel() } }

    package func begin(_ request: TransferRequest) -> TransferID {
        let id = TransferID(number: Self.numbers.add(1, ordering: .relaxed).newValue)
        let pieces = PieceBuffer()
        monitor.withLock { running[id] = pieces }
        let started = Threads.start("fetch-\(id.number)") { Fetch(request, pieces).run() }
        if !started {
            pieces.finish(
                TransferFailure(
                    .local, subject: HubURL.subject(ofUnreadable: request.url), explanation: "no thread for a download"))
        }
        return id
    }

    package func read(_ id: TransferID, max: Int) throws(TransferFailure) -> TransferPiece {
        guard let pieces = pieces(of: id) else {
            throw TransferFailure(.cancelled, subject: "transfer \(id.number)", explanation: "was cancelled, or has already ended")
        }
        switch pieces.next(max: max) {
        case .success(.finished):
            forget(id)
            return .finished
        case .success(let piece): return piece
        case .failure(let failure):
            forget(id)
            throw failure
        }
    }

    package func wait(_ id: TransferID, atMost: Duration) {
        pieces(of: id)?.wait(until: Monotonic.now() + min(atMost, .seconds(1 << 30)))
    }

    package func cancel(_ id: TransferID) { forget(id)?.cancel() }

    private func pieces(of id: TransferID) -> PieceBuffer? { monitor.withLock { running[id] } }

    @discardableResult
    private func forget(_ id: TransferID) -> PieceBuffer? { monitor.withLock { running.removeValue(forKey: id) } }
}
