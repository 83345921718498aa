/// Bytes as lower-case hexadecimal digits.
func hexText(_ bytes: some Sequence<UInt8>) -> String {
    var text = ""
    for byte in bytes {
        text += String(byte >> 4, radix: 16)
        text += String(byte & 0xf, radix: 16)
    }
    return text
}

/// Bytes from hexadecimal digits; nil for anything else.
func bytes(hex text: some StringProtocol) -> [UInt8]? {
    let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
