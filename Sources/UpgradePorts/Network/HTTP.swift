import UpgradeModel

/// Who asks: basic auth, `id` in the exchange's form `org/name`. Source: contract 1.1.
package struct Credentials: Hashable, Sendable {
    /// `org/id`.
    package let id: String
    /// Password or token. Never logged.
    package let secret: String

    /// Memberwise.
    package init(id: String, secret: String) {
        self.id = id
        self.secret = secret
    }
}

/// Which servers are believed, and how.
package struct HubTrust: Hashable, Sendable {
    /// CA file (PEM) for HTTPS; nil = the system's. Source: `HZN_MGMT_HUB_CERT_PATH`, contract 3.3.
    package let certificateAuthorityFile: String?
    /// Plain `http://` to hosts other than loopback. Setting `allow-insecure-hub`.
    package let allowInsecureHub: Bool

    /// Memberwise.
    package init(certificateAuthorityFile: String?, allowInsecureHub: Bool) {
        self.certificateAuthorityFile = certificateAuthorityFile
        self.allowInsecureHub = allowInsecureHub
    }
}

/// One bounded request.
package struct HTTPRequest: Sendable {
    /// What is sent with it.
    package enum Body: Sendable {
        /// No body.
        case none
        /// JSON or other small bytes.
        case bytes([UInt8])
        /// The whole file at this path, streamed.
        case file(String)
    }

    /// `GET`, `PUT`, …
    package var method: String
    /// Absolute, already percent-encoded.
    package var url: String
    /// Extra headers.
    package var headers: [(name: String, value: String)] = []
    /// What is sent.
    package var body: Body = .none
    /// Who asks; never sent to another host than the URL's.
    package var credentials: Credentials?
    /// Speak through this unix socket instead of TCP (local API). Longer than 107 bytes is allowed: the adapter shortens it.
    package var socketPath: String?
    /// Which servers are believed.
    package var trust = HubTrust(certificateAuthorityFile: nil, allowInsecureHub: false)
    /// Whole call, connect to last byte.
    package var timeout: Duration = .seconds(30)
    /// Largest answer that is taken, bytes.
    package var answerBytesMax = 16 << 20
    /// Whether a GET is asked again where a redirect leads to; otherwise that is the answer.
    package var followsRedirects = true

    /// A request with the defaults above.
    package init(_ method: String, _ url: String) {
        self.method = method
        self.url = url
    }
}

/// An answer, whatever its status code.
package struct HTTPResponse: Sendable {
    /// HTTP status code.
    package let status: Int
    /// Names in lower case.
    package let headers: [(name: String, value: String)]
    /// The whole body.
    package let body: [UInt8]
    /// What the server asked for in `Retry-After`, seconds or date already turned into a duration.
    package let retryAfter: Duration?

    /// Memberwise.
    package init(status: Int, headers: [(name: String, value: String)], body: [UInt8], retryAfter: Duration? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
        self.retryAfter = retryAfter
    }

    /// The last header of this (lower-case) name.
    package func header(_ name: String) -> String? { headers.last { $0.name == name }?.value }
}

/// Small blocking calls: exchange, local API. No retry inside: waiting is the caller's decision.
package protocol HTTPCaller: Sendable {
    /// The answer, or why there was none. A status code is never an error here.
    func call(_ request: HTTPRequest) throws(TransferFailure) -> HTTPResponse
}
