/// `Content-Range: bytes first-last/whole`. Source: RFC 9110, 14.4.
struct ContentRange: Hashable, Sendable {
    let first: Int64
    let last: Int64
    /// Nil for `*`.
    let whole: Int64?

    /// Nil when it is not that form, or contradicts itself.
    init?(_ text: String) {
        let unitAndRest = text.split(separator: " ", maxSplits: 1)
        guard unitAndRest.count == 2, unitAndRest[0].lowercased() == "bytes" else { return nil }
        let rangeAndWhole = unitAndRest[1].split(separator: "/", omittingEmptySubsequences: false)
        guard rangeAndWhole.count == 2 else { return nil }
        let ends = rangeAndWhole[0].split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Int64(digits: ends[0]), let last = Int64(digits: ends[1]), first <= last else { return nil }
        self.first = first
        self.last = last
        if rangeAndWhole[1] == "*" {
            whole = nil
        } else {
            guard let whole = Int64(digits: rangeAndWhole[1]), last < whole else { return nil }
            self.whole = whole
        }
    }
}

extension Int64 {
    /// Digits only: no sign, no white space, no separators.
    init?(digits text: some StringProtocol) {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        self.init(text)
    }
}
