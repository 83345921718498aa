import Curl
import Testing
import UpgradePorts

@testable import UpgradeTransfer

@Suite struct CurlOutcomeTests {
    @Test(
        arguments: [
            (CurlCode.hostNotResolved, .resolve), (.proxyNotResolved, .resolve),
            (.notConnected, .connect), (.interfaceFailed, .connect),
            (.peerNotVerified, .untrustedServer), (.tlsHandshake, .untrustedServer), (.tlsCipher, .untrustedServer),
            (.tlsIssuer, .untrustedServer), (.tlsRequired, .untrustedServer),
            (.timedOut, .timeout),
            (.partialFile, .cut), (.gotNothing, .cut), (.sendFailed, .cut), (.receiveFailed, .cut), (.http2, .cut), (.http2Stream, .cut),
            (.fileTooLong, .tooLong),
            (.tooManyRedirects, .redirect),
            (.malformedURL, .badURL), (.unsupportedProtocol, .badURL),
            (.abortedByCallback, .cancelled),
            (.failedInit, .local), (.outOfMemory, .local), (.notBuiltIn, .local), (.badArgument, .local), (.unknownOption, .local),
            (.badCertificateAuthorityFile, .local), (.tlsClientCertificate, .local), (.fileNotRead, .local), (.readRefused, .local),
            (.writeRefused, .local),
            (.weirdReply, .other), (.accessDenied, .other), (.httpReturnedError, .other), (.rangeRefused, .other),
            (.badContentEncoding, .other),
        ] as [(CurlCode, TransferFailure.Kind)])
    func row(_ code: CurlCode, _ kind: TransferFailure.Kind) {
        #expect(CurlOutcome.classify(code) == kind)
        #expect(CurlOutcome.classify(code, status: nil) == kind)
        #expect(CurlOutcome.classify(code, status: 200) == kind)
        #expect(CurlOutcome.classify(code, status: 206) == kind)
        #expect(CurlOutcome.classify(code, status: 503) == .status(503))
    }

    @Test(arguments: [100, 201, 204, 301, 304, 400, 401, 403, 404, 408, 410, 416, 425, 429, 500, 501, 503, 505])
    func statusThatIsNoSuccessGoesFirst(_ status: Int) {
        #expect(CurlOutcome.classify(.ok, status: status) == .status(status))
        #expect(CurlOutcome.classify(.partialFile, status: status) == .status(status))
    }

    @Test func success() {
        #expect(CurlOutcome.classify(.ok) == nil)
        #expect(CurlOutcome.classify(.ok, status: 200) == nil)
        #expect(CurlOutcome.classify(.ok, status: 206) == nil)
        #expect(CurlOutcome.classify(.ok, status: nil) == .cut)
    }

    @Test func everyOtherNumberHasAKind() {
        for number in -1...200 where number != 0 { #expect(CurlOutcome.classify(CurlCode(number: number)) != nil) }
    }
}
