import Curl
import UpgradePorts

/// A URL that may be asked, and what may be said about it in a message.
struct HubURL: Hashable, Sendable {
    /// As it is given to libcurl.
    let text: String
    /// Its parts, by libcurl's parser.
    let parts: CurlURL

    /// Errors: `.badURL` when libcurl cannot read it or its scheme is not allowed for its host.
    init(_ text: String, trust: HubTrust, socketPath: String? = nil) throws(TransferFailure) {
        guard let parts = CurlURL(text) else {
            throw TransferFailure(
                .badURL, subject: Self.subject(ofUnreadable: text),
                explanation: "not a usable URL; expected http(s)://host[:port]/path, percent-encoded and without credentials")
        }
        self.text = text
        self.parts = parts
        if let objection = SchemeRule.objection(to: parts, trust: trust, throughSocket: socketPath != nil) {
            throw TransferFailure(.badURL, subject: subject, explanation: objection)
        }
    }

    /// Scheme, host, port and path: query and credentials are nobody's business in a log.
    var subject: String { Self.subject(of: parts) }

    /// The same server, reached the same way: what credentials are bound to.
    func hasSameOrigin(as other: HubURL) -> Bool {
        parts.scheme == other.parts.scheme && parts.host == other.parts.host && parts.port == other.parts.port
    }

    static func subject(of parts: CurlURL) -> String { "\(parts.scheme)://\(parts.host):\(parts.port)\(parts.path)" }

    /// Whatever is left when the parser gave up: cut at the query, and at everything that could be a password.
    static func subject(ofUnreadable text: String) -> String {
        let head = text.prefix { $0 != "?" && $0 != "#" }
        let afterCredentials = head.lastIndex(of: "@").map { head[head.index(after: $0)...] } ?? head
        return String(PlainText.clean(afterCredentials.utf8, charactersMax: 200))
    }
}
