import UpgradePorts
import UpgradeWire

/// An answer of the hub or the agent, with the request that it is for.
struct Answer {
    let request: HTTPRequest
    let response: HTTPResponse

    /// The HTTP status.
    var status: Int { response.status }

    /// The body as a document.
    func read<Document: Decodable>(_ type: Document.Type) throws(CommandError) -> Document {
        try JSONText.read(type, response.body, subject: "the answer to \(request.method) \(address)")
    }

    /// The answer when its status is a success; else an error in the words of contract 6.1.
    @discardableResult
    func success() throws(CommandError) -> Answer {
        guard (200...299).contains(status) else { throw unexpected() }
        return self
    }

    /// The failure that this answer is. Source: contract 6.1, "Unexpected HTTP".
    func unexpected() -> CommandError {
        let head = "bad HTTP code \(status) from \(request.method) \(address)"
        let error = CommandError(.http, head + (request.method == "GET" ? ", output: " : ": ") + hidingSecrets(words))
        switch status {
        case 401: return error.adding("The credentials were refused: check -u, -n and -o, or the HZN_EXCHANGE_… settings.")
        case 502, 503, 504: return error.adding("The other side is away or too busy: try again later.")
        default: return error
        }
    }

    /// What the other side says: `<code>, <msg>` of the exchange, `error` of the agent, or the body as it is.
    var words: String {
        let plain = Shown.body(response.body)
        guard request.method != "GET", let body = try? JSONText.read(JSONValue.self, response.body, subject: "") else { return plain }
        if let code = body[member: "code"]?.string, let message = body[member: "msg"]?.string { return Shown.lines("\(code), \(message)") }
        if let error = body[member: "error"]?.string { return Shown.lines(error) }
        return plain
    }

    private var address: String { HubCall.shown(request.url) }

    /// A server may repeat in its words what it was sent.
    private func hidingSecrets(_ text: String) -> String {
        guard let secret = request.credentials?.secret, !secret.isEmpty else { return text }
        return text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "***")
    }
}
