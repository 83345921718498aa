import CCurl

/// A result of libcurl. The names below are the ones that the house tells apart.
package struct CurlCode: Hashable, Sendable {
    /// The number as in `curl/curl.h`.
    package let number: Int

    /// A code by its number.
    package init(number: Int) { self.number = number }

    init(_ code: CURLcode) { number = Int(code.rawValue) }

    /// libcurl's own words for the code, English, no line break.
    package var text: String { String(cString: curl_easy_strerror(CURLcode(rawValue: UInt32(clamping: number)))) }

    /// `CURLE_OK`.
    package static let ok = CurlCode(CURLE_OK)
    /// `CURLE_UNSUPPORTED_PROTOCOL`.
    package static let unsupportedProtocol = CurlCode(CURLE_UNSUPPORTED_PROTOCOL)
    /// `CURLE_FAILED_INIT`.
    package static let failedInit = CurlCode(CURLE_FAILED_INIT)
    /// `CURLE_URL_MALFORMAT`.
    package static let malformedURL = CurlCode(CURLE_URL_MALFORMAT)
    /// `CURLE_NOT_BUILT_IN`.
    package static let notBuiltIn = CurlCode(CURLE_NOT_BUILT_IN)
    /// `CURLE_COULDNT_RESOLVE_PROXY`.
    package static let proxyNotResolved = CurlCode(CURLE_COULDNT_RESOLVE_PROXY)
    /// `CURLE_COULDNT_RESOLVE_HOST`.
    package static let hostNotResolved = CurlCode(CURLE_COULDNT_RESOLVE_HOST)
    /// `CURLE_COULDNT_CONNECT`.
    package static let notConnected = CurlCode(CURLE_COULDNT_CONNECT)
    /// `CURLE_WEIRD_SERVER_REPLY`.
    package static let weirdReply = CurlCode(CURLE_WEIRD_SERVER_REPLY)
    /// `CURLE_REMOTE_ACCESS_DENIED`.
    package static let accessDenied = CurlCode(CURLE_REMOTE_ACCESS_DENIED)
    /// `CURLE_HTTP2`.
    package static let http2 = CurlCode(CURLE_HTTP2)
    /// `CURLE_PARTIAL_FILE`.
    package static let partialFile = CurlCode(CURLE_PARTIAL_FILE)
    /// `CURLE_HTTP_RETURNED_ERROR`.
    package static let httpReturnedError = CurlCode(CURLE_HTTP_RETURNED_ERROR)
    /// `CURLE_WRITE_ERROR`.
    package static let writeRefused = CurlCode(CURLE_WRITE_ERROR)
    /// `CURLE_READ_ERROR`.
    package static let readRefused = CurlCode(CURLE_READ_ERROR)
    /// `CURLE_OUT_OF_MEMORY`.
    package static let outOfMemory = CurlCode(CURLE_OUT_OF_MEMORY)
    /// `CURLE_OPERATION_TIMEDOUT`.
    package static let timedOut = CurlCode(CURLE_OPERATION_TIMEDOUT)
    /// `CURLE_RANGE_ERROR`.
    package static let rangeRefused = CurlCode(CURLE_RANGE_ERROR)
    /// `CURLE_SSL_CONNECT_ERROR`.
    package static let tlsHandshake = CurlCode(CURLE_SSL_CONNECT_ERROR)
    /// `CURLE_FILE_COULDNT_READ_FILE`.
    package static let fileNotRead = CurlCode(CURLE_FILE_COULDNT_READ_FILE)
    /// `CURLE_ABORTED_BY_CALLBACK`.
    package static let abortedByCallback = CurlCode(CURLE_ABORTED_BY_CALLBACK)
    /// `CURLE_BAD_FUNCTION_ARGUMENT`.
    package static let badArgument = CurlCode(CURLE_BAD_FUNCTION_ARGUMENT)
    /// `CURLE_INTERFACE_FAILED`.
    package static let interfaceFailed = CurlCode(CURLE_INTERFACE_FAILED)
    /// `CURLE_TOO_MANY_REDIRECTS`.
    package static let tooManyRedirects = CurlCode(CURLE_TOO_MANY_REDIRECTS)
    /// `CURLE_UNKNOWN_OPTION`.
    package static let unknownOption = CurlCode(CURLE_UNKNOWN_OPTION)
    /// `CURLE_GOT_NOTHING`.
    package static let gotNothing = CurlCode(CURLE_GOT_NOTHING)
    /// `CURLE_SEND_ERROR`.
    package static let sendFailed = CurlCode(CURLE_SEND_ERROR)
    /// `CURLE_RECV_ERROR`.
    package static let receiveFailed = CurlCode(CURLE_RECV_ERROR)
    /// `CURLE_SSL_CERTPROBLEM`.
    package static let tlsClientCertificate = CurlCode(CURLE_SSL_CERTPROBLEM)
    /// `CURLE_SSL_CIPHER`.
    package static let tlsCipher = CurlCode(CURLE_SSL_CIPHER)
    /// `CURLE_PEER_FAILED_VERIFICATION`.
    package static let peerNotVerified = CurlCode(CURLE_PEER_FAILED_VERIFICATION)
    /// `CURLE_BAD_CONTENT_ENCODING`.
    package static let badContentEncoding = CurlCode(CURLE_BAD_CONTENT_ENCODING)
    /// `CURLE_FILESIZE_EXCEEDED`.
    package static let fileTooLong = CurlCode(CURLE_FILESIZE_EXCEEDED)
    /// `CURLE_USE_SSL_FAILED`.
    package static let tlsRequired = CurlCode(CURLE_USE_SSL_FAILED)
    /// `CURLE_SSL_CACERT_BADFILE`.
    package static let badCertificateAuthorityFile = CurlCode(CURLE_SSL_CACERT_BADFILE)
    /// `CURLE_SSL_ISSUER_ERROR`.
    package static let tlsIssuer = CurlCode(CURLE_SSL_ISSUER_ERROR)
    /// `CURLE_HTTP2_STREAM`.
    package static let http2Stream = CurlCode(CURLE_HTTP2_STREAM)
}
