import Synchronization
import UpgradeModel
import UpgradePorts

/// Downloads that happen as told, piece by piece, without any network.
package final class SimTransfer: Transfer {
    /// What a server does with one request.
    package struct Answer: Sendable {
        /// The head; nil = the request fails before any.
        package var response: TransferResponse?
        /// The body from the response's offset on.
        package var body: [UInt8]
        /// What ends it instead of `.finished`.
        package var failure: TransferFailure?

        /// Memberwise.
        package init(response: TransferResponse?, body: [UInt8] = [], failure: TransferFailure? = nil) {
            self.response = response
            self.body = body
            self.failure = failure
        }
    }

    fileprivate struct Running {
        var answer: Answer
        var hasHead = false
        var hasPaused = false
        var sent = 0
    }

    private struct State {
        var requests: [TransferRequest] = []
        var running: [TransferID: Running] = [:]
        var bytes = 0
        var cancelled = 0
    }

    private let answer: @Sendable (TransferRequest, Int) -> Answer
    private let state = Mutex(State())

    /// - Parameter answer: what the server does with the n-th request (1 is the first).
    package init(_ answer: @escaping @Sendable (TransferRequest, Int) -> Answer) { self.answer = answer }

    /// Every request so far.
    package var requests: [TransferRequest] { state.withLock { $0.requests } }
    /// Body bytes given out so far.
    package var bytes: Int { state.withLock { $0.bytes } }
    /// Transfers that were cancelled.
    package var cancelled: Int { state.withLock { $0.cancelled } }

    package func begin(_ request: TransferRequest) -> TransferID {
        let number = state.withLock { state in
            state.requests.append(request)
            return state.requests.count
        }
        let running = Running(answer: answer(request, number))
        state.withLock { $0.running[TransferID(number: number)] = running }
        return TransferID(number: number)
    }

    package func read(_ id: TransferID, max: Int) throws(TransferFailure) -> TransferPiece {
        let piece: Result<TransferPiece, TransferFailure> = state.withLock { state in
            guard var running = state.running[id] else {
                return .failure(TransferFailure(.cancelled, subject: "transfer", explanation: "it was cancelled"))
            }
            let piece = running.next(max)
            if case .success(.bytes(let bytes)) = piece { state.bytes += bytes.count }
            state.running[id] = running
            return piece
        }
        return try piece.get()
    }

    package func wait(_ id: TransferID, atMost: Duration) {}

    package func cancel(_ id: TransferID) {
        state.withLock { if $0.running.removeValue(forKey: id) != nil { $0.cancelled += 1 } }
    }
}

extension SimTransfer.Running {
    /// Every head is preceded by a moment without news.
    fileprivate mutating func next(_ max: Int) -> Result<TransferPiece, TransferFailure> {
        guard hasPaused else {
            hasPaused = true
            return .success(.pending)
        }
        if let response = answer.response, !hasHead {
            hasHead = true
            return .success(.response(response))
        }
        let end = Swift.min(sent + max, answer.body.count)
        if sent < end {
            defer { sent = end }
            return .success(.bytes(Array(answer.body[sent..<end])))
        }
        if let failure = answer.failure { return .failure(failure) }
        return .success(.finished)
    }
}
