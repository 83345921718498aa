import CCurl

/// Dates of HTTP headers.
package enum HTTPDate {
    /// Seconds since 1970 of any of HTTP's three date forms; nil when it is none. Source: RFC 9110, 5.6.7.
    package static func seconds(_ text: String) -> Int64? {
        let seconds = curl_getdate(text, nil)
        return seconds == -1 ? nil : Int64(seconds)
    }
}
