import Curl
import UpgradePorts

/// How one request ended below HTTP, with the numbers that a message needs.
struct RequestEnd {
    /// libcurl's result.
    let code: CurlCode
    /// libcurl's words for it.
    let words: String
    /// Bytes of the body that came.
    let received: Int64
    /// Longest body that was allowed.
    let bytesMax: Int64
    /// Length that the head announced.
    let announced: Int64?
    /// What servers were checked against.
    let trust: HubTrust
}

/// The sentences of this room: what was found and what was expected.
enum FailureText {
    /// A sentence for a failure of this kind; statuses have one of their own, because they need the body.
    static func explanation(_ kind: TransferFailure.Kind, _ end: RequestEnd) -> String {
        let words = PlainText.clean(end.words.utf8, charactersMax: 300)
        switch kind {
        case .cut:
            let expected = end.announced.map { "\($0) were announced" } ?? "the end was not announced"
            return "the connection ended after \(end.received) bytes of the body, \(expected) (\(words))"
        case .tooLong: return tooLong(announced: end.announced, bytesMax: end.bytesMax)
        case .untrustedServer:
            let authorities = end.trust.certificateAuthorityFile ?? "the system's certificate authorities"
            return "the server is not believed, checked against \(authorities) (\(words))"
        case .local where end.code == .badCertificateAuthorityFile:
            let file = end.trust.certificateAuthorityFile ?? "of the system"
            return "no usable certificate in the certificate authority file \(file) (\(words))"
        case .resolve: return "the name was not resolved (\(words))"
        case .connect: return "no connection (\(words))"
        case .timeout: return "not finished in time, \(end.received) bytes of the body came (\(words))"
        case .redirect, .badURL, .cancelled, .status, .local, .other: return words
        }
    }

    /// More bytes than allowed, announced or counted.
    static func tooLong(announced: Int64?, bytesMax: Int64) -> String {
        if let announced, announced > bytesMax { return "\(announced) bytes announced, at most \(bytesMax) expected" }
        return "more than \(bytesMax) bytes came, at most that many expected"
    }

    /// A status that is no success, with the server's own text.
    static func status(_ status: Int, body: [UInt8]) -> String {
        let text = PlainText.clean(body, charactersMax: 300)
        return "answered \(status), expected 200 or 206" + (text.isEmpty ? "" : ": \(text)")
    }
}
