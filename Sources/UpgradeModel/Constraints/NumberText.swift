/// Numbers and booleans as the operands of constraints spell them.
enum NumberText {
    /// The number that `text` spells: decimal digits with an optional sign, fraction and exponent, or `inf`, `infinity`, `nan`
    /// in any case. Nil for anything else, and for numbers too large for 64-bit floats.
    static func number(_ text: String) -> Double? {
        let bytes = text.utf8
        let isSigned = bytes.first == UInt8(ascii: "+") || bytes.first == UInt8(ascii: "-")
        let magnitude = Substring(isSigned ? bytes.dropFirst() : bytes[...])
        switch magnitude.lowercased() {
        case "inf", "infinity": return bytes.first == UInt8(ascii: "-") ? -.infinity : .infinity
        case "nan": return isSigned ? nil : .nan
        default: break
        }
        guard isDecimal(magnitude), let number = Double(text), number.isFinite else { return nil }
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

    private static func isDecimal(_ text: Substring) -> Bool {
        let halves = text.utf8.split(maxSplits: 1, omittingEmptySubsequences: false) {
            $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E")
        }
        guard let mantissa = halves.first else { return false }
        let parts = mantissa.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ $0.allSatisfy(isDigit) }), parts.contains(where: { !$0.isEmpty }) else { return false }
        guard halves.count == 2 else { return true }
        let isSigned = halves[1].first == UInt8(ascii: "+") || halves[1].first == UInt8(ascii: "-")
        let exponent = isSigned ? halves[1].dropFirst() : halves[1]
        return !exponent.isEmpty && exponent.allSatisfy(isDigit)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
