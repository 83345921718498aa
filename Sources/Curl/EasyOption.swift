import CCurl

/// The options of libcurl that the house uses, with their units. Source: curl_easy_setopt(3).
package enum EasyOption {
    /// Absolute URL; also sets the one scheme that is spoken, so nothing else can be reached by mistake.
    case url(String, scheme: String)
    /// Request method; takes part in no decision of libcurl.
    case method(String)
    /// No body is expected back (`HEAD`).
    case noBody
    /// Bytes come from `EasyDelegate.send`; their number.
    case upload(bytes: Int64)
    /// Basic auth, sent without being asked.
    case basicAuth(user: String, password: String)
    /// Value of the `Range` header, without `bytes=`.
    case range(String)
    /// Speak through this unix socket; at most 107 bytes.
    case unixSocket(String)
    /// PEM file that replaces the system's certificate authorities.
    case certificateAuthorityFile(String)
    /// From connect to the last byte, milliseconds, at least 1.
    case timeout(milliseconds: Int)
    /// Name, TCP and TLS, milliseconds, at least 1.
    case connectTimeout(milliseconds: Int)
    /// What every request of the house has: see `EasyHandle.applySafeDefaults`.
    case safeDefaults
}

extension EasyHandle {
    /// Sets one option; the answer is anything but `.ok` when libcurl refuses it.
    package borrowing func set(_ option: EasyOption) -> CurlCode {
        switch option {
        case .url(let url, let scheme): firstFailure(string(CURLOPT_URL, url), string(CURLOPT_PROTOCOLS_STR, scheme))
        case .method(let name): string(CURLOPT_CUSTOMREQUEST, name)
        case .noBody: long(CURLOPT_NOBODY, 1)
        case .upload(let bytes): firstFailure(long(CURLOPT_UPLOAD, 1), offset(CURLOPT_INFILESIZE_LARGE, bytes))
        case .basicAuth(let user, let password):
            firstFailure(
                long(CURLOPT_HTTPAUTH, uplift_curl_auth_basic()), string(CURLOPT_USERNAME, user),
                string(CURLOPT_PASSWORD, password))
        case .range(let text): string(CURLOPT_RANGE, text)
        case .unixSocket(let path): string(CURLOPT_UNIX_SOCKET_PATH, path)
        // Debian's libcurl has a folder of authorities besides the file; a pinned file must be the only one.
        case .certificateAuthorityFile(let path): firstFailure(string(CURLOPT_CAINFO, path), string(CURLOPT_CAPATH, nil))
        case .timeout(let milliseconds): long(CURLOPT_TIMEOUT_MS, milliseconds)
        case .connectTimeout(let milliseconds): long(CURLOPT_CONNECTTIMEOUT_MS, milliseconds)
        case .safeDefaults: applySafeDefaults()
        }
    }

    /// - No signals: other threads own them. Whoever performs must keep SIGPIPE blocked, because OpenSSL writes without MSG_NOSIGNAL.
    /// - Redirects are the caller's: libcurl cannot express "plain http for loopback only" nor "credentials for this origin only".
    /// - No proxy, not even from the environment: the contract knows none, and a forgotten variable must not redirect an upgrade.
    /// - Paths as they are: a folded `..` would ask for another object than the one that was named.
    /// - HTTP/1.1: one request per connection, so HTTP/2 would add code and bring nothing.
    /// - No Accept-Encoding and no decoding: digests are over the bytes as sent.
    private borrowing func applySafeDefaults() -> CurlCode {
        firstFailure(
            long(CURLOPT_NOSIGNAL, 1), long(CURLOPT_FOLLOWLOCATION, 0), long(CURLOPT_UNRESTRICTED_AUTH, 0),
            long(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue)), string(CURLOPT_PROXY, ""), long(CURLOPT_PATH_AS_IS, 1),
            long(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)), long(CURLOPT_HTTP09_ALLOWED, 0),
            long(CURLOPT_DISALLOW_USERNAME_IN_URL, 1), long(CURLOPT_SSL_VERIFYPEER, 1), long(CURLOPT_SSL_VERIFYHOST, 2),
            long(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)), string(CURLOPT_ACCEPT_ENCODING, nil),
            long(CURLOPT_HTTP_CONTENT_DECODING, 0), CurlCode(uplift_curl_close_on_exec(raw)))
    }

    private borrowing func long(_ option: CURLoption, _ value: Int) -> CurlCode { CurlCode(uplift_curl_set_long(raw, option, value)) }

    private borrowing func offset(_ option: CURLoption, _ value: Int64) -> CurlCode {
        CurlCode(uplift_curl_set_offset(raw, option, curl_off_t(value)))
    }

    private borrowing func string(_ option: CURLoption, _ value: String?) -> CurlCode {
        CurlCode(uplift_curl_set_string(raw, option, value))
    }

    private borrowing func firstFailure(_ codes: CurlCode...) -> CurlCode { codes.first { $0 != .ok } ?? .ok }
}
