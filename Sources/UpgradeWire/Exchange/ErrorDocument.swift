/// How the exchange answers in words, for success (`ok`) and for failure. Source: contract 1.1.
package struct ErrorDocument: Codable, Hashable, Sendable {
    /// `ok`, `invalid-input`, `invalid-credentials`, `access-denied`, `already-exists`, `not-found`, `internal_error`, …
    package var code: String
    /// Sentence for people.
    package var msg: String

    private enum CodingKeys: String, CodingKey { case code, msg }

    /// A code with its sentence.
    package init(code: String, msg: String) {
        self.code = code
        self.msg = msg
    }

    /// Absent texts are empty.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        code = try container.read(.code, or: "")
        msg = try container.read(.msg, or: "")
    }
}
