/// The path and query of a request line, taken apart.
struct RequestTarget {
    /// Decoded parts; `/` is empty, and one trailing slash counts for nothing.
    let path: [String]
    /// Decoded, in the order sent.
    let query: [(name: String, value: String)]

    /// Nil unless it is an absolute path whose escapes are whole and decode to UTF-8 without NUL.
    ///
    /// The other forms (`*`, `http://…`, `host:port`) are for proxies; taking them would give a second, unchecked host name.
    init?(_ target: String) {
        guard target.utf8.first == UInt8(ascii: "/") else { return nil }
        let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var parts = halves[0].dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        if parts.last?.isEmpty == true { parts.removeLast() }

        var path: [String] = []
        for part in parts {
            guard let decoded = Self.decoded(part) else { return nil }
            path.append(decoded)
        }
        var query: [(name: String, value: String)] = []
        for pair in halves.count > 1 ? halves[1].split(separator: "&") : [] {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(sides[0], plusIsSpace: true),
                let value = sides.count > 1 ? Self.decoded(sides[1], plusIsSpace: true) : ""
            else { return nil }
            query.append((name, value))
        }
        self.path = path
        self.query = query
    }

    private static func decoded(_ text: Substring, plusIsSpace: Bool = false) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { return nil }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(UnicodeScalar(byte)).hexDigitValue.map(UInt8.init)
    }
}
