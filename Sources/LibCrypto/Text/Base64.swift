/// Standard base64 with padding (RFC 4648, section 4), strictly: one text for the same bytes, one value for a text.
package enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")

    /// The text for the bytes.
    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for byte in group { bits = bits << 8 | UInt32(byte) }
            bits <<= UInt32(8 * (3 - group.count))
            for place in 0..<4 {
                text.append(place <= group.count ? digits[Int(bits >> UInt32(18 - 6 * place) & 63)] : padding)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of the text; nil for blanks, line ends, missing padding, other letters, and bits that padding should have left zero.
    package static func decode(_ text: String) -> [UInt8]? {
        let letters = Array(text.utf8)
        guard letters.count.isMultiple(of: 4) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(letters.count / 4 * 3)
        for start in stride(from: 0, to: letters.count, by: 4) {
            let isLast = start + 4 == letters.count
            guard let group = decode(group: letters[start..<start + 4], mayBePadded: isLast) else { return nil }
            bytes += group
        }
        return bytes
    }

    private static func decode(group: ArraySlice<UInt8>, mayBePadded: Bool) -> [UInt8]? {
        let padded = group.reversed().prefix { $0 == padding }.count
        guard padded == 0 || (mayBePadded && padded <= 2) else { return nil }
        var bits: UInt32 = 0
        for letter in group.dropLast(padded) {
            guard let value = value(of: letter) else { return nil }
            bits = bits << 6 | value
        }
        bits <<= UInt32(6 * padded)
        let bytes = [UInt8(bits >> 16), UInt8(bits >> 8 & 255), UInt8(bits & 255)]
        guard bytes.suffix(padded).allSatisfy({ $0 == 0 }) else { return nil }
        return Array(bytes.dropLast(padded))
    }

    private static func value(of letter: UInt8) -> UInt32? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(letter - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(letter - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
