import Curl
import UpgradePorts

/// The one table from what libcurl and the server said to what the house calls it. Total: whatever is not listed is `.other`.
enum CurlOutcome {
    /// Nil is success. `status` is the one of a complete answer head that was not followed elsewhere; nil when none came.
    ///
    /// A status that is no success says more than how its body ended, so it goes first.
    static func classify(_ code: CurlCode, status: Int?) -> TransferFailure.Kind? {
        if let status, status != 200, status != 206 { return .status(status) }
        return code == .ok && status == nil ? .cut : classify(code)
    }

    /// The transport alone, for callers to whom every status is an answer. Nil is success.
    static func classify(_ code: CurlCode) -> TransferFailure.Kind? {
        switch code {
        case .ok: nil
        case .hostNotResolved, .proxyNotResolved: .resolve
        case .notConnected, .interfaceFailed: .connect
        case .peerNotVerified, .tlsHandshake, .tlsCipher, .tlsIssuer, .tlsRequired: .untrustedServer
        case .timedOut: .timeout
        case .partialFile, .gotNothing, .sendFailed, .receiveFailed, .http2, .http2Stream: .cut
        case .fileTooLong: .tooLong
        case .tooManyRedirects: .redirect
        case .malformedURL, .unsupportedProtocol: .badURL
        case .abortedByCallback: .cancelled
        case .failedInit, .outOfMemory, .notBuiltIn, .badArgument, .unknownOption, .badCertificateAuthorityFile, .tlsClientCertificate,
            .fileNotRead, .readRefused, .writeRefused:
            .local
        default: .other
        }
    }
}
