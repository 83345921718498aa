extension UTCInstant: Codable {
    /// Reads what `encode(to:)` wrote: RFC 3339 text.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let instant = UTCInstant(rfc3339: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no time; expected RFC 3339")
        }
        self = instant
    }

    /// Writes RFC 3339 text with nine fraction digits, so that nothing is lost within years 0001–9999.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rfc3339(fractionDigits: 9))
    }
}
