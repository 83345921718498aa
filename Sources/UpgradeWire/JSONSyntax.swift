/// Where a text stops being JSON (RFC 8259), and why.
package struct JSONFault: Error, Hashable, Sendable {
    /// Line, from 1 on.
    package let line: Int
    /// Character of the line, from 1 on.
    package let column: Int
    /// What was found.
    package let message: String
    /// What to do.
    package let remedy: String
}

/// Finds the place where a text stops being JSON, which the decoder does not tell and does not always mind, and keys that stand twice, of
/// which it drops one.
package struct JSONSyntax {
    /// How deep lists and objects may nest in a text that one's own user wrote; the decoder's own limit.
    package static let depthMax = 500

    private let bytes: [UInt8]
    private let depthMax: Int
    private let textMax: Int
    private var valuesLeft: Int
    private var index = 0

    private struct Fault: Error {
        let index: Int
        let message: String
        let remedy: String
    }

    /// The first mistake of spelling; nil for JSON.
    /// - Parameters:
    ///   - depthMax: how deep lists and objects may nest.
    ///   - textMax: how long a text or a key may be, as it is written. Bytes.
    ///   - valuesMax: how many values there may be in all. The time that the decoder takes grows with both.
    package static func fault(in bytes: [UInt8], depthMax: Int = depthMax, valuesMax: Int = .max, textMax: Int = .max) -> JSONFault? {
        var syntax = JSONSyntax(bytes: bytes, depthMax: depthMax, textMax: textMax, valuesLeft: valuesMax)
        do throws(Fault) {
            try syntax.value(depth: 0)
            syntax.skipBlanks()
            guard syntax.index == bytes.count else { throw syntax.expected("the end of the document") }
            return nil
        } catch {
            let before = bytes[..<error.index]
            let line = before.lastIndex(of: UInt8(ascii: "\n")).map { before[($0 + 1)...] } ?? before
            let column = String(decoding: line, as: UTF8.self).unicodeScalars.count + 1
            let lines = before.count { $0 == UInt8(ascii: "\n") } + 1
            return JSONFault(line: lines, column: column, message: error.message, remedy: error.remedy)
        }
    }

    private init(bytes: [UInt8], depthMax: Int, textMax: Int, valuesLeft: Int) {
        self.bytes = bytes
        self.depthMax = depthMax
        self.textMax = textMax
        self.valuesLeft = valuesLeft
    }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func value(depth: Int) throws(Fault) {
        guard depth < depthMax else { throw Fault(index: index, message: "nested too deep", remedy: "nest less") }
        guard valuesLeft > 0 else { throw Fault(index: index, message: "too many values", remedy: "send fewer") }
        valuesLeft -= 1
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"): try object(depth: depth)
        case UInt8(ascii: "["): try items("]") { syntax throws(Fault) in try syntax.value(depth: depth + 1) }
        case UInt8(ascii: "\""): _ = try text()
        case UInt8(ascii: "-"), .some(0x30...0x39): try number()
        default:
            for word in ["true", "false", "null"] where bytes[index...].starts(with: word.utf8) {
                index += word.utf8.count
                return
            }
            throw expected("a value")
        }
    }

    private mutating func object(depth: Int) throws(Fault) {
        var keys: Set<[UInt8]> = []
        try items("}") { syntax throws(Fault) in
            let start = syntax.index
            guard syntax.next == UInt8(ascii: "\"") else { throw syntax.expected("a key in double quotes") }
            let key = try syntax.text()
            // Otherwise two spellings of one key would count as two.
            guard !key.contains(UInt8(ascii: "\\")) else {
                throw Fault(index: start, message: "a key is written with an escape", remedy: "write its characters themselves")
            }
            guard keys.insert(Array(key)).inserted else {
                throw Fault(index: start, message: "the same key stands twice in one object", remedy: "remove one of them")
            }
            syntax.skipBlanks()
            guard syntax.skip(":") else { throw syntax.expected("':'") }
            try syntax.value(depth: depth + 1)
        }
    }

    /// What stands between brackets, separated by commas.
    private mutating func items(_ close: Unicode.Scalar, _ item: (inout JSONSyntax) throws(Fault) -> Void) throws(Fault) {
        index += 1
        skipBlanks()
        if skip(close) { return }
        while true {
            skipBlanks()
            try item(&self)
            skipBlanks()
            if skip(close) { return }
            guard skip(",") else { throw expected("',' or '\(close)'") }
        }
    }

    /// The text between the quotes, as it is written.
    private mutating func text() throws(Fault) -> ArraySlice<UInt8> {
        index += 1
        let start = index
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                guard index - 1 - start <= textMax else {
                    throw Fault(index: start, message: "a text is longer than \(textMax) bytes", remedy: "send less")
                }
                return bytes[start..<(index - 1)]
            case UInt8(ascii: "\\"):
                index += 1
                try escape()
            case 0..<0x20: throw expected("no line end or control character in a text")
            default: index += 1
            }
        }
        throw expected("a closing quote")
    }

    private mutating func escape() throws(Fault) {
        if skip("u") {
            for _ in 0..<4 {
                guard let byte = next, Self.isHex(byte) else { throw expected("four hexadecimal digits") }
                index += 1
            }
            return
        }
        guard let byte = next, "\"\\/bfnrt".utf8.contains(byte) else { throw expected("one of \" \\ / b f n r t u after '\\'") }
        index += 1
    }

    private mutating func number() throws(Fault) {
        _ = skip("-")
        if !skip("0") { try digits() }
        if skip(".") { try digits() }
        if skip("e") || skip("E") {
            if !skip("+") { _ = skip("-") }
            try digits()
        }
        if let byte = next, Self.isDigit(byte) { throw expected("no digit after a leading 0") }
    }

    private mutating func digits() throws(Fault) {
        guard let byte = next, Self.isDigit(byte) else { throw expected("a digit") }
        while let byte = next, Self.isDigit(byte) { index += 1 }
    }

    private mutating func skipBlanks() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { index += 1 }
    }

    private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard let next, next == scalar.value else { return false }
        index += 1
        return true
    }

    private func expected(_ what: String) -> Fault {
        let rest = String(decoding: bytes[index...].prefix(12).prefix { $0 >= 0x20 }, as: UTF8.self)
        let found = next == nil ? "at the end of the text" : rest.isEmpty ? "at the end of the line" : "at '\(rest)'"
        return Fault(index: index, message: "not JSON \(found)", remedy: "expected \(what)")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isHex(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
}
