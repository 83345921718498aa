/// Why the hub does not do what it was asked, as the caller will read it. Source: contract 1.1 (table of codes).
package struct Refusal: Error, Hashable, Sendable {
    /// HTTP status.
    package var status: Int
    /// Stable word for programs, as `invalid-input`.
    package var code: String
    /// Sentence for people.
    package var message: String
    /// Headers of the answer that belong to it, as `Retry-After`.
    package var headers: [String: String] = [:]

    /// A refusal with its status, word and sentence.
    package init(status: Int, code: String, message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    /// The request itself is wrong.
    package static func badInput(_ message: String) -> Refusal {
        Refusal(status: 400, code: "invalid-input", message: message)
    }

    /// Nobody, or not who they say. Kept: the message is an untranslated key in the real exchange.
    package static let badCredentials = Refusal(status: 401, code: "invalid-credentials", message: "invalid.credentials")

    /// The caller may not do this.
    package static func accessDenied(_ message: String) -> Refusal {
        Refusal(status: 403, code: "access-denied", message: message)
    }

    /// Kept: POST of something that exists is 403, and clients go on with PUT (contract 0.1).
    package static func alreadyExists(_ message: String) -> Refusal {
        Refusal(status: 403, code: "already-exists", message: message)
    }

    /// High-availability groups alone say so with 409.
    package static func inConflict(_ message: String) -> Refusal {
        Refusal(status: 409, code: "already-exists", message: message)
    }

    /// It is not there.
    package static func notFound(_ message: String = "not found") -> Refusal {
        Refusal(status: 404, code: "not-found", message: message)
    }

    /// Too much at once; the caller may come again.
    package static func tooMany(_ message: String, status: Int = 429, retryAfter seconds: Int) -> Refusal {
        var refusal = Refusal(status: status, code: "too-many-requests", message: message)
        refusal.headers["Retry-After"] = String(seconds)
        return refusal
    }

    /// The database would refuse it, as an unknown foreign key.
    package static func internalError(_ message: String) -> Refusal {
        Refusal(status: 500, code: "internal_error", message: message)
    }
}
