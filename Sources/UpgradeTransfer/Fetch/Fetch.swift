import Curl
import UpgradePorts

/// One download on its own thread: asks, follows redirects, fills the buffer, says how it ended.
struct Fetch {
    private let request: TransferRequest
    private let pieces: PieceBuffer
    private let deadline: Duration

    init(_ request: TransferRequest, _ pieces: PieceBuffer) {
        self.request = request
        self.pieces = pieces
        deadline = Monotonic.now() + min(request.timeout, .seconds(1 << 30))
    }

    /// Blocks until the transfer has ended, one way or the other.
    func run() {
        do {
            var hop = Hop(try HubURL(request.url, trust: request.trust))
            while let location = try fetch(hop) {
                hop = try RedirectRule.next(after: hop, location: location, trust: request.trust)
            }
            pieces.finish(nil)
        } catch {
            pieces.finish(error)
        }
    }

    /// Nil when the body is complete, otherwise where to ask instead.
    private func fetch(_ hop: Hop) throws(TransferFailure) -> String? {
        let setup = RequestSetup(
            hop: hop, credentials: request.credentials, trust: request.trust, deadline: deadline, bytesMax: request.bytesMax)
        var easy = try setup.makeHandle()
        if request.offset > 0 {
            try setup.require(easy.set(.range("\(request.offset)-")))
            if let ifRange = request.ifRange { try setup.require(easy.addHeader(setup.headerLine("If-Range", ifRange))) }
        }
        guard let loop = TransferLoop() else { throw setup.failure(.local, "no memory for a download") }
        let download = Download(request, pieces, setup)
        let tick = RequestSetup.milliseconds(request.lowSpeedTime / LowSpeedMeter.slices)
        let code = loop.run(easy, download, tickMilliseconds: min(1000, tick))
        return try outcome(of: download, code, easy)
    }

    private func outcome(of download: Download, _ code: CurlCode, _ easy: borrowing EasyHandle) throws(TransferFailure) -> String? {
        let setup = download.setup
        if pieces.isCancelled { throw setup.failure(.cancelled, "cancelled by the reader") }
        if let failure = download.failure { throw failure }
        let status = download.head.isComplete ? download.head.status : nil
        if let status, RedirectRule.isRedirect(status: status), let location = download.head.header("location") { return location }
        guard let kind = CurlOutcome.classify(code, status: status) else { return nil }
        if case .status(let status) = kind {
            throw setup.failure(kind, FailureText.status(status, body: download.refusalText), retryAfter: download.head.retryAfter)
        }
        let end = RequestEnd(
            code: code, words: easy.explanation(of: code), received: download.received, bytesMax: request.bytesMax,
            announced: download.announced, trust: request.trust)
        throw setup.failure(kind, FailureText.explanation(kind, end))
    }
}
