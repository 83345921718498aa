/// List filters: a percent sign stands for any text, also none; everything else is itself, case-sensitive. Source: contract 1.2, 1.3.
package enum WildcardRule {
    /// Longest filter, so that no filter takes long. Bytes.
    package static let filterMax = 255

    /// Refuses filters that are too long.
    package static func check(_ query: [String: String], _ names: [String]) throws(Refusal) {
        for name in names where (query[name]?.utf8.count ?? 0) > filterMax {
            throw .badInput("the filter '\(name)' is longer than \(filterMax) bytes")
        }
    }

    /// Whether the whole text fits the filter.
    package static func matches(_ text: String, filter: String) -> Bool {
        let pieces = filter.utf8.split(separator: UInt8(ascii: "%"), omittingEmptySubsequences: false)
        guard let first = pieces.first, let last = pieces.last else { return text.isEmpty }
        if pieces.count == 1 { return text == filter }
        var rest = Substring(text).utf8
        guard rest.starts(with: first) else { return false }
        rest = rest.dropFirst(first.count)
        for piece in pieces.dropFirst().dropLast() {
            guard let found = end(of: piece, in: rest) else { return false }
            rest = rest[found...]
        }
        return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last)
    }

    /// Where the first occurrence ends. Taking the first one is enough, because every later piece then has the most room.
    private static func end(of piece: Substring.UTF8View, in text: Substring.UTF8View) -> Substring.UTF8View.Index? {
        var start = text.startIndex
        while true {
            if text[start...].starts(with: piece) { return text.index(start, offsetBy: piece.count) }
            guard start < text.endIndex else { return nil }
            start = text.index(after: start)
        }
    }
}
