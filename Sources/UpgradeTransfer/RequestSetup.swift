import Curl
import Glibc
import UpgradePorts

/// What downloads and calls set alike; the security of both is decided here.
struct RequestSetup {
    /// Name, TCP and TLS together.
    static let connectTimeout = Duration.seconds(10)

    /// What is asked.
    let hop: Hop
    /// Sent only when the hop allows it.
    let credentials: Credentials?
    /// Which servers are believed.
    let trust: HubTrust
    /// When the request must be over, on `Monotonic`.
    let deadline: Duration
    /// Longest body that is taken. Not given to libcurl, which would refuse the body of a redirect or a 503 before its head is read.
    let bytesMax: Int64

    /// A fresh handle: with nothing kept from one request to the next, nothing can leak from one identity or server to another.
    ///
    /// Errors: `.local` when the CA file cannot be read or libcurl refuses an option, `.badURL` for credentials that cannot be sent.
    func makeHandle() throws(TransferFailure) -> EasyHandle {
        let left = deadline - Monotonic.now()
        guard left > .zero else { throw failure(.timeout, "not started, because the time for the whole request is over") }
        guard let easy = EasyHandle() else { throw failure(.local, "no memory for a request") }
        var options: [EasyOption] = [
            .safeDefaults, .url(hop.url.text, scheme: hop.url.parts.scheme), .timeout(milliseconds: Self.milliseconds(left)),
            .connectTimeout(milliseconds: Self.milliseconds(min(left, Self.connectTimeout))),
        ]
        if let file = trust.certificateAuthorityFile, hop.url.parts.scheme == "https" {
            try requireReadable(file)
            options.append(.certificateAuthorityFile(file))
        }
        if let credentials, hop.sendsCredentials {
            guard Self.isOneLine(credentials.id), Self.isOneLine(credentials.secret) else {
                throw failure(.badURL, "the credentials have control characters and cannot be sent")
            }
            options.append(.basicAuth(user: credentials.id, password: credentials.secret))
        }
        for option in options { try require(easy.set(option)) }
        return easy
    }

    /// Errors: `.local` unless libcurl took the option.
    func require(_ code: CurlCode) throws(TransferFailure) {
        guard code == .ok else { throw failure(.local, "libcurl refused a setting of the request: \(code.text)") }
    }

    /// A failure of this request.
    func failure(_ kind: TransferFailure.Kind, _ explanation: String, retryAfter: Duration? = nil) -> TransferFailure {
        TransferFailure(kind, subject: hop.url.subject, explanation: explanation, retryAfter: retryAfter)
    }

    /// A header line. Errors: `.badURL` when it would be more than one line.
    func headerLine(_ name: String, _ value: String) throws(TransferFailure) -> String {
        guard Self.isOneLine(name), Self.isOneLine(value), !name.isEmpty, !name.contains(where: { $0 == ":" || $0 == ";" || $0 == " " })
        else { throw failure(.badURL, "the header \(PlainText.clean(name.utf8, charactersMax: 50)) cannot be sent as one line") }
        // libcurl drops `Name:` and sends an empty header for `Name;`.
        return value.isEmpty ? "\(name);" : "\(name): \(value)"
    }

    private func requireReadable(_ file: String) throws(TransferFailure) {
        guard access(file, R_OK) == 0 else {
            let reason = String(cString: strerror(errno))
            throw failure(.local, "the certificate authority file \(file) cannot be read: \(reason); check HZN_MGMT_HUB_CERT_PATH")
        }
    }

    static func milliseconds(_ duration: Duration) -> Int {
        let whole = duration / .milliseconds(1)
        return whole >= 1 ? Int(min(whole, 2_000_000_000)) : 1
    }

    private static func isOneLine(_ text: String) -> Bool { !text.utf8.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F } }
}
