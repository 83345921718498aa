/// Reads `Retry-After` as seconds (RFC 9110, 10.2.3). A date is left to the transfer adapter, which has a clock.
enum RetryAfterRule {
    static func duration(_ value: String?, date: String?) -> Duration? {
        guard let value, let seconds = UInt32(value) else { return nil }
        return .seconds(Int64(seconds))
    }
}
