/// Reads JSON that holds nothing unusual: no escapes, no other characters than ASCII, short numbers, no key twice, little nesting.
///
/// Why: the decoder finds out what a value is by failing at what it is not, and each failure costs more than all of a small document. What is
/// not plain, mistakes too, is left to the decoder, so that there is one rule for it.
struct PlainJSON {
    private static let depthMax = 16
    /// Digits that every `Double` holds.
    private static let numberMax = 15

    private let bytes: [UInt8]
    private var index = 0

    /// The value that the bytes spell; nil when they are not plain.
    static func value(of bytes: [UInt8]) -> JSONValue? {
        var reader = PlainJSON(bytes: bytes)
        guard let value = reader.value(depth: 0) else { return nil }
        reader.skipBlanks()
        guard reader.index == bytes.count else { return nil }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func value(depth: Int) -> JSONValue? {
        guard depth < PlainJSON.depthMax else { return nil }
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"): return object(depth: depth)
        case UInt8(ascii: "["): return array(depth: depth)
        case UInt8(ascii: "\""): return text().map { .string($0) }
        case .some(0x30...0x39): return number()
        case UInt8(ascii: "t"): return word("true", .bool(true))
        case UInt8(ascii: "f"): return word("false", .bool(false))
        case UInt8(ascii: "n"): return word("null", .null)
        default: return nil
        }
    }

    private mutating func object(depth: Int) -> JSONValue? {
        var members: [String: JSONValue] = [:]
        index += 1
        if skip("}") { return .object(members) }
        while true {
            skipBlanks()
            guard let name = text(), skip(":"), let value = value(depth: depth + 1) else { return nil }
            guard members.updateValue(value, forKey: name) == nil else { return nil }
            if skip("}") { return .object(members) }
            guard skip(",") else { return nil }
        }
    }

    private mutating func array(depth: Int) -> JSONValue? {
        var elements: [JSONValue] = []
        index += 1
        if skip("]") { return .array(elements) }
        while true {
            guard let value = value(depth: depth + 1) else { return nil }
            elements.append(value)
            if skip("]") { return .array(elements) }
            guard skip(",") else { return nil }
        }
    }

    private mutating func text() -> String? {
        guard next == UInt8(ascii: "\"") else { return nil }
        index += 1
        let start = index
        while let byte = next, (0x20...0x7E).contains(byte), byte != UInt8(ascii: "\\") {
            index += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: bytes[start..<(index - 1)], as: UTF8.self) }
        }
        return nil
    }

    private mutating func number() -> JSONValue? {
        let start = index
        while let byte = next, (0x30...0x39).contains(byte) || byte == UInt8(ascii: ".") { index += 1 }
        let digits = bytes[start..<index]
        let isOdd =
            digits.last == UInt8(ascii: ".") || (digits.first == 0x30 && digits.count > 1 && digits.dropFirst().first != UInt8(ascii: "."))
        guard digits.count <= PlainJSON.numberMax, !isOdd else { return nil }
        return Double(String(decoding: digits, as: UTF8.self)).map { .number($0) }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) -> JSONValue? {
        let found = word.withUTF8Buffer { bytes[index...].starts(with: $0) }
        guard found else { return nil }
        index += word.utf8CodeUnitCount
        return value
    }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    /// Blanks, and this character.
    private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard let next, next == scalar.value else { return false }
        index += 1
        return true
    }
}
