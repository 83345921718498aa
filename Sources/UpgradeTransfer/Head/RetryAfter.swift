import Curl
import Glibc

/// `Retry-After`, turned into how long from now. Source: RFC 9110, 10.2.3.
enum RetryAfter {
    /// No server parks a node for longer than this by one header.
    static let longest = Duration.seconds(30 * 24 * 3600)

    /// Seconds or a date. A date is measured from the server's own `Date`, because a node's clock may be decades off; from `now`
    /// (seconds since 1970) without one. Nil when the value is neither.
    static func duration(_ value: String, serverDate: String?, now: Int64) -> Duration? {
        if let seconds = Int64(digits: value) { return bounded(seconds) }
        guard let then = HTTPDate.seconds(value) else { return nil }
        let (difference, overflow) = then.subtractingReportingOverflow(serverDate.flatMap { HTTPDate.seconds($0) } ?? now)
        return overflow ? nil : bounded(difference)
    }

    private static func bounded(_ seconds: Int64) -> Duration {
        min(longest, .seconds(max(0, min(seconds, longest.components.seconds))))
    }
}

extension ResponseHead {
    /// How long the server asks us to wait; nil when it does not, or in no way that is known.
    var retryAfter: Duration? {
        header("retry-after").flatMap { RetryAfter.duration($0, serverDate: header("date"), now: Int64(time(nil))) }
    }
}
