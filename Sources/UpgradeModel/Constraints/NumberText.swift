/// Numbers and booleans as the operands of constraints spell them.
enum NumberText {
    /// The number that `text` spells: digits with an optional sign, fraction and exponent, decimal or hexadecimal, `_` between
    /// digits; or `inf`, `infinity`, `nan` in any case. Nil for anything else, and for numbers too large for 64-bit floats.
    static func number(_ text: String) -> Double? {
        let isSigned = text.utf8.first == UInt8(ascii: "+") || text.utf8.first == UInt8(ascii: "-")
        let magnitude = text.utf8.dropFirst(isSigned ? 1 : 0)
        switch Substring(magnitude).lowercased() {
        case "inf", "infinity": return text.utf8.first == UInt8(ascii: "-") ? -.infinity : .infinity
        case "nan": return isSigned ? nil : .nan
        default: break
        }
        let isHex = magnitude.starts(with: "0x".utf8) || magnitude.starts(with: "0X".utf8)
        let body = magnitude.dropFirst(isHex ? 2 : 0)
        let written = Array(body)
        guard separatesDigits(written, isHex: isHex) else { return nil }
        let plain = written.filter { $0 != UInt8(ascii: "_") }
        guard isFloat(plain, isHex: isHex) else { return nil }
        let bare = (text.utf8.first == UInt8(ascii: "-") ? "-" : "") + (isHex ? "0x" : "") + String(decoding: plain, as: UTF8.self)
        guard let number = Double(bare), number.isFinite else { return nil }
        return number
    }

    /// The boolean that `text` spells.
    static func bool(_ text: String) -> Bool? {
        switch text {
        case "1", "t", "T", "true", "True", "TRUE": true
        case "0", "f", "F", "false", "False", "FALSE": false
        default: nil
        }
    }

    /// Whether every `_` stands between two digits; the prefix of a hexadecimal number counts as one.
    private static func separatesDigits(_ body: [UInt8], isHex: Bool) -> Bool {
        body.indices.allSatisfy { index in
            guard body[index] == UInt8(ascii: "_") else { return true }
            let followsDigit = index == 0 ? isHex : isDigit(body[index - 1], isHex: isHex)
            return followsDigit && index + 1 < body.count && isDigit(body[index + 1], isHex: isHex)
        }
    }

    private static func isFloat(_ text: [UInt8], isHex: Bool) -> Bool {
        let marks = Array((isHex ? "pP" : "eE").utf8)
        let halves = text.split(maxSplits: 1, omittingEmptySubsequences: false) { marks.contains($0) }
        guard let mantissa = halves.first else { return false }
        let parts = mantissa.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        let holdsDigitsOnly = parts.joined().allSatisfy { isDigit($0, isHex: isHex) }
        guard holdsDigitsOnly, parts.contains(where: { !$0.isEmpty }) else { return false }
        guard halves.count == 2 else { return !isHex }
        let isSigned = halves[1].first == UInt8(ascii: "+") || halves[1].first == UInt8(ascii: "-")
        let exponent = isSigned ? halves[1].dropFirst() : halves[1]
        return !exponent.isEmpty && exponent.allSatisfy { isDigit($0, isHex: false) }
    }

    private static func isDigit(_ byte: UInt8, isHex: Bool) -> Bool {
        switch byte {
        case 0x30...0x39: true
        case 0x41...0x46, 0x61...0x66: isHex
        default: false
        }
    }
}
