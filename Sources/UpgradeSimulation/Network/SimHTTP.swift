import Synchronization
import UpgradePorts

/// Small calls that are answered as told.
package final class SimHTTP: HTTPCaller {
    private let answer: @Sendable (HTTPRequest) -> Result<HTTPResponse, TransferFailure>
    private let asked = Mutex<[HTTPRequest]>([])

    /// - Parameter answer: what the server says to a request.
    package init(_ answer: @escaping @Sendable (HTTPRequest) -> Result<HTTPResponse, TransferFailure>) { self.answer = answer }

    /// Always the same answer.
    package convenience init(_ status: Int, _ body: String = "", retryAfter: Duration? = nil) {
        let bytes = Array(body.utf8)
        self.init { _ in .success(HTTPResponse(status: status, headers: [], body: bytes, retryAfter: retryAfter)) }
    }

    /// Every request so far.
    package var requests: [HTTPRequest] { asked.withLock { $0 } }

    package func call(_ request: HTTPRequest) throws(TransferFailure) -> HTTPResponse {
        asked.withLock { $0.append(request) }
        return try answer(request).get()
    }
}
