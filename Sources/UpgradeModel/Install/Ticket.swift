/// The name of one attempt: asynchronous answers carry it, and the attempt's folder is called by it. Never reused.
///
/// Shape: 32 lower-case hexadecimal digits, so it is safe as a folder name by construction.
package struct Ticket: Hashable, Sendable, CustomStringConvertible {
    /// The digits.
    package let text: String

    /// Makes a ticket of 128 random bits that the caller draws.
    package init(high: UInt64, low: UInt64) {
        text = Ticket.digits(high) + Ticket.digits(low)
    }

    /// Reads a ticket back; nil unless it has exactly the shape.
    package init?(_ text: String) {
        guard text.utf8.count == 32, text.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else { return nil }
        self.text = text
    }

    package var description: String { text }

    private static func digits(_ value: UInt64) -> String {
        let hex = String(value, radix: 16)
        return String(repeating: "0", count: 16 - hex.utf8.count) + hex
    }
}

/// Stored as `{"text":…}`. The shape is checked again: a ticket from a damaged row must not become a folder name.
extension Ticket: Codable {
    private enum CodingKeys: String, CodingKey { case text }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard let ticket = Ticket(try container.decode(String.self, forKey: .text)) else {
            throw DecodingError.dataCorruptedError(forKey: .text, in: container, debugDescription: "not 32 hexadecimal digits")
        }
        self = ticket
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(text, forKey: .text)
    }
}
