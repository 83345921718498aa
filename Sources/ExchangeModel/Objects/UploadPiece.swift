/// One piece of an upload that comes in several requests, as `Content-Range` names it. Source: contract 2.2.
package struct UploadPiece: Hashable, Sendable {
    /// Place of the first byte in the whole.
    package let first: Int64
    /// Place of the last byte.
    package let last: Int64
    /// Length of the whole. Bytes.
    package let total: Int64

    /// `bytes first-last/total`; nil for anything else, and for places that cannot be.
    package init?(contentRange text: String) {
        guard text.prefix(6).lowercased() == "bytes " else { return nil }
        let sides = text.dropFirst(6).split(separator: "/", omittingEmptySubsequences: false)
        guard sides.count == 2 else { return nil }
        let ends = sides[0].split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]), let total = Self.number(sides[1]),
            first <= last, last < total
        else { return nil }
        (self.first, self.last, self.total) = (first, last, total)
    }

    /// How many bytes it has.
    package var count: Int64 { last - first + 1 }

    /// Whether the whole ends with it.
    package var isLast: Bool { last == total - 1 }

    /// Why it does not continue an upload of which `received` of `expected` bytes are there; nil when it does. Pieces come in order: an
    /// object must never be put together from parts of two uploads.
    package func refusal(received: Int64, expected: Int64) -> String? {
        if total != expected { return "this upload was begun with \(expected) bytes in all, the piece says \(total)" }
        if first != received { return "the next piece of this upload must begin at byte \(received), the piece begins at \(first)" }
        return nil
    }

    private static func number(_ text: Substring) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int64(text)
    }
}
