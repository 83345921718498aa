/// How the target of a request is taken apart. Source: RFC 3986 section 3.3, contract 1.1.
package enum PathRule {
    /// The segments of a path: split at slashes first and decoded after that, so that an encoded slash stays inside its segment.
    /// One slash at the end is ignored; nil when an escape is broken or the text is not UTF-8.
    package static func segments(of path: Substring) -> [String]? {
        var pieces = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        if pieces.last?.isEmpty == true { pieces = pieces.dropLast() }
        var segments: [String] = []
        for piece in pieces {
            guard let segment = decoded(piece, plusIsBlank: false) else { return nil }
            segments.append(segment)
        }
        return segments
    }

    /// The items of a query; the first of equal names wins; nil when an escape is broken.
    package static func query(of text: Substring) -> [String: String]? {
        var items: [String: String] = [:]
        for piece in text.split(separator: "&") {
            let sides = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decoded(sides[0], plusIsBlank: true) else { return nil }
            guard let value = sides.count > 1 ? decoded(sides[1], plusIsBlank: true) : "" else { return nil }
            if items[name] == nil { items[name] = value }
        }
        return items
    }

    private static func decoded(_ text: Substring, plusIsBlank: Bool) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { return nil }
                bytes.append(high << 4 | low)
            } else if byte == UInt8(ascii: "+"), plusIsBlank {
                bytes.append(UInt8(ascii: " "))
            } else {
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
