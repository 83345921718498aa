import UpgradeModel

/// Why a call or a download brought nothing. One table turns it into what to do: `disposition`.
package struct TransferFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reasons that are told apart.
    package enum Kind: Hashable, Sendable {
        /// Name not resolved.
        case resolve
        /// No connection.
        case connect
        /// The server's certificate is not believed, or TLS failed.
        case untrustedServer
        /// Slower than the limit for too long, or over the total time.
        case timeout
        /// The connection ended in the middle, or the body is shorter than announced.
        case cut
        /// More bytes than allowed.
        case tooLong
        /// A redirect to a scheme that is not allowed, or too many of them.
        case redirect
        /// The URL cannot be used, or its scheme is not allowed here.
        case badURL
        /// `cancel` was called.
        case cancelled
        /// An HTTP status that is no success.
        case status(Int)
        /// A local reason: memory, CA file unreadable, file to send unreadable.
        case local
        /// Anything else the library reports.
        case other
    }

    /// Why, in one notion.
    package let kind: Kind
    /// The URL without credentials and query.
    package let subject: String
    /// One sentence, with what was found and expected.
    package let explanation: String
    /// What the server asked for in `Retry-After`, seconds or date already turned into a duration.
    package let retryAfter: Duration?

    /// Memberwise.
    package init(_ kind: Kind, subject: String, explanation: String, retryAfter: Duration? = nil) {
        self.kind = kind
        self.subject = subject
        self.explanation = explanation
        self.retryAfter = retryAfter
    }

    package var description: String { "\(subject): \(explanation)" }

    /// What trying again could change.
    package var disposition: Disposition {
        switch kind {
        case .resolve, .connect, .timeout, .cut, .other, .local, .cancelled: .retryLater
        case .untrustedServer: .retryLater
        case .tooLong, .redirect, .badURL: .giveUp
        case .status(let code): TransferFailure.disposition(ofStatus: code)
        }
    }

    /// 408, 425, 429 and 5xx (but 501, 505) pass; 401 too, because credentials are mended at the hub; all else stays as it is.
    package static func disposition(ofStatus code: Int) -> Disposition {
        switch code {
        case 401, 408, 425, 429: .retryLater
        case 501, 505: .giveUp
        case 500...599: .retryLater
        default: .giveUp
        }
    }
}

/// What a failure asks for. Source: architecture, "Errors".
package enum Disposition: String, Hashable, Sendable, Codable {
    /// The same may work later.
    case retryLater
    /// Trying again cannot change it.
    case giveUp
    /// The bytes or their author are not believed.
    case untrusted
    /// Our own mistake: logged, and treated like `giveUp`.
    case bug
}
