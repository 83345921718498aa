import UpgradeModel

/// A download in pieces, with back-pressure: what is not read is not fetched beyond a bounded buffer of 1 MiB.
///
/// Call order: `begin`, then `read` until `.finished` or an error. Source: architecture, "Steppers".
package protocol Transfer: Sendable {
    /// Starts a GET and returns at once.
    func begin(_ request: TransferRequest) -> TransferID
    /// The next thing that happened. Errors end the transfer.
    func read(_ id: TransferID, max: Int) throws(TransferFailure) -> TransferPiece
    /// Blocks until `read` would say something other than `.pending`, or the time is over.
    func wait(_ id: TransferID, atMost: Duration)
    /// Stops it; later reads answer `.cancelled`. Unknown ids are ignored.
    func cancel(_ id: TransferID)
}

/// One running transfer.
package struct TransferID: Hashable, Sendable {
    /// A number that is not used twice in one process.
    package let number: Int

    /// Memberwise.
    package init(number: Int) { self.number = number }
}

/// What is to be fetched.
package struct TransferRequest: Sendable {
    /// Absolute, already percent-encoded.
    package var url: String
    /// Who asks; never sent to another host than the URL's.
    package var credentials: Credentials?
    /// Which servers are believed.
    package var trust: HubTrust
    /// First byte that is wanted; 0 = no `Range` header.
    package var offset: Int64 = 0
    /// `If-Range` value (a strong ETag) that goes with the offset.
    package var ifRange: String?
    /// Longest body that is taken, bytes.
    package var bytesMax: Int64
    /// Below this many bytes a second for `lowSpeedTime` the transfer fails; may be below 1.
    package var lowSpeedBytesPerSecond: Double = 1
    /// See `lowSpeedBytesPerSecond`.
    package var lowSpeedTime: Duration = .seconds(60)
    /// Whole transfer.
    package var timeout: Duration = .seconds(6 * 3600)

    /// A request with the defaults above.
    package init(url: String, trust: HubTrust, bytesMax: Int64) {
        self.url = url
        self.trust = trust
        self.bytesMax = bytesMax
    }
}

/// One thing that a transfer has to say.
package enum TransferPiece: Sendable {
    /// Final status line and headers; comes once, before any bytes. Only 200 and 206 are followed by bytes; every other status is
    /// thrown as `TransferFailure` of kind `.status`.
    case response(TransferResponse)
    /// The next bytes, in order, never empty.
    case bytes([UInt8])
    /// Nothing yet.
    case pending
    /// The body is complete as the protocol sees it. Length and digest are the caller's to judge.
    case finished
}

/// The head of an answer with a body.
package struct TransferResponse: Hashable, Sendable {
    /// 200 or 206.
    package let status: Int
    /// Strong or weak validator as sent, with quotes.
    package let etag: String?
    /// First byte of the body within the whole: from `Content-Range` for 206, 0 for 200.
    package let offset: Int64
    /// Whole length: from `Content-Range` or `Content-Length`; nil when not told.
    package let totalLength: Int64?

    /// Memberwise.
    package init(status: Int, etag: String?, offset: Int64, totalLength: Int64?) {
        self.status = status
        self.etag = etag
        self.offset = offset
        self.totalLength = totalLength
    }
}
