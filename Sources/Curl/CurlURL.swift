import CCurl

/// The parts of a URL, by the very parser that will be used to fetch it: two parsers that disagree would be a hole in every rule
/// about hosts.
package struct CurlURL: Hashable, Sendable {
    /// Lower case.
    package let scheme: String
    /// As libcurl will connect to it: `127.1` is `127.0.0.1` here; IPv6 in brackets.
    package let host: String
    /// Explicit or the scheme's own.
    package let port: Int
    /// Still percent-encoded, dot segments kept.
    package let path: String

    /// Nil when libcurl cannot read it, or when it carries credentials or characters that a URL cannot have.
    package init?(_ text: String) {
        guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }), let url = curl_url() else { return nil }
        defer { curl_url_cleanup(url) }
        let flags = UInt32(CURLU_DISALLOW_USER | CURLU_PATH_AS_IS | CURLU_NON_SUPPORT_SCHEME)
        guard curl_url_set(url, CURLUPART_URL, text, flags) == CURLUE_OK,
            let scheme = Self.part(url, CURLUPART_SCHEME), let host = Self.part(url, CURLUPART_HOST), !host.isEmpty,
            let path = Self.part(url, CURLUPART_PATH)
        else { return nil }
        self.scheme = scheme.lowercased()
        self.host = host.lowercased()
        self.path = path
        port = Self.part(url, CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT)).flatMap { Int($0) } ?? 0
    }

    /// Where a reference (`Location`) leads, seen from a URL: absolute, spaces and the like percent-encoded, dot segments kept.
    ///
    /// Nil when either cannot be read. The request's own `CURLINFO_REDIRECT_URL` is no use: it repeats the credentials.
    package static func resolve(_ reference: String, against base: String) -> String? {
        guard let url = curl_url() else { return nil }
        defer { curl_url_cleanup(url) }
        let flags = UInt32(CURLU_DISALLOW_USER | CURLU_PATH_AS_IS | CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE)
        guard curl_url_set(url, CURLUPART_URL, base, flags) == CURLUE_OK,
            curl_url_set(url, CURLUPART_URL, reference, flags) == CURLUE_OK
        else { return nil }
        return part(url, CURLUPART_URL)
    }

    private static func part(_ url: OpaquePointer, _ what: CURLUPart, _ flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(url, what, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
