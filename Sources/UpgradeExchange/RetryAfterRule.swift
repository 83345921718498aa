/// Reads `Retry-After` as seconds (RFC 9110, 10.2.3). A date needs a clock and is left to the transfer adapter.
enum RetryAfterRule {
    static func duration(_ value: String?) -> Duration? {
        guard let value, let seconds = UInt32(value) else { return nil }
        return .seconds(Int64(seconds))
    }
}
