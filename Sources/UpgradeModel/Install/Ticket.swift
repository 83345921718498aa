/// The name of one attempt: asynchronous answers carry it, and the attempt's folder is called by it. Never reused.
///
/// Shape: 32 lower-case hexadecimal digits, so it is safe as a folder name by construction.
package struct Ticket: Hashable, Codable, Sendable, CustomStringConvertible {
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
