/// A Swift file with its code told apart from comments and texts.
struct SwiftSource {
    /// Relative to the repository.
    let file: String
    /// Lines as written.
    let lines: [Substring]
    /// The same lines with comments and the contents of string literals blanked: what the rules about code look at.
    let code: [Substring]
    /// The same lines with comments alone blanked.
    let withTexts: [Substring]

    init(file: String, text: String) {
        self.file = file
        var blanker = Blanker(text)
        blanker.run()
        lines = SwiftSource.lines(text)
        code = SwiftSource.lines(String(decoding: blanker.code, as: UTF8.self))
        withTexts = SwiftSource.lines(String(decoding: blanker.withTexts, as: UTF8.self))
    }

    /// `Sources/UpgradeCore/…` → `UpgradeCore`.
    var target: String {
        let parts = file.split(separator: "/")
        return parts.count > 2 ? String(parts[1]) : ""
    }

    /// True for what is built into programs.
    var isSource: Bool { file.hasPrefix("Sources/") }

    private static func lines(_ text: String) -> [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
}

/// Blanks comments and string contents, byte by byte, and keeps every line where it was. Interpolated code stays code.
private struct Blanker {
    private let bytes: [UInt8]
    private(set) var code: [UInt8]
    private(set) var withTexts: [UInt8]
    private var at = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
        code = bytes
        withTexts = bytes
    }

    mutating func run() { readCode(untilParenthesis: false) }

    private func has(_ text: StaticString, at place: Int) -> Bool {
        guard place + text.utf8CodeUnitCount <= bytes.count else { return false }
        return text.withUTF8Buffer { wanted in bytes[place..<(place + wanted.count)].elementsEqual(wanted) }
    }

    private mutating func blank(_ count: Int, keepsText: Bool) {
        for place in at..<min(at + count, bytes.count) where bytes[place] != UInt8(ascii: "\n") {
            code[place] = UInt8(ascii: " ")
            if !keepsText { withTexts[place] = UInt8(ascii: " ") }
        }
        at += count
    }

    private mutating func readCode(untilParenthesis: Bool) {
        var depth = 0
        while at < bytes.count {
            if has("//", at: at) {
                while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { blank(1, keepsText: false) }
            } else if has("/*", at: at) {
                readBlockComment()
            } else if bytes[at] == UInt8(ascii: "\"") || bytes[at] == UInt8(ascii: "#") {
                readText()
            } else {
                if bytes[at] == UInt8(ascii: "(") { depth += 1 }
                if bytes[at] == UInt8(ascii: ")") { depth -= 1 }
                at += 1
                if untilParenthesis, depth < 0 { return }
            }
        }
    }

    private mutating func readBlockComment() {
        var depth = 0
        repeat {
            if has("/*", at: at) {
                depth += 1
                blank(2, keepsText: false)
            } else if has("*/", at: at) {
                depth -= 1
                blank(2, keepsText: false)
            } else {
                blank(1, keepsText: false)
            }
        } while depth > 0 && at < bytes.count
    }

    /// A string literal with any number of `#` and one or three quotes; a `#` that begins none is code.
    private mutating func readText() {
        var hashes = 0
        while at + hashes < bytes.count, bytes[at + hashes] == UInt8(ascii: "#") { hashes += 1 }
        guard at + hashes < bytes.count, bytes[at + hashes] == UInt8(ascii: "\"") else { return at += max(hashes, 1) }
        let isLong = has("\"\"\"", at: at + hashes)
        at += hashes + (isLong ? 3 : 1)
        while at < bytes.count {
            if isEnd(isLong: isLong, hashes: hashes) { return at += (isLong ? 3 : 1) + hashes }
            if !isLong, bytes[at] == UInt8(ascii: "\n") { return }
            if bytes[at] == UInt8(ascii: "\\"), isHashes(hashes, at: at + 1) {
                let isCode = at + 1 + hashes < bytes.count && bytes[at + 1 + hashes] == UInt8(ascii: "(")
                blank(2 + hashes, keepsText: true)
                if isCode { readCode(untilParenthesis: true) }
            } else {
                blank(1, keepsText: true)
            }
        }
    }

    private func isEnd(isLong: Bool, hashes: Int) -> Bool {
        isLong ? has("\"\"\"", at: at) && isHashes(hashes, at: at + 3) : bytes[at] == UInt8(ascii: "\"") && isHashes(hashes, at: at + 1)
    }

    private func isHashes(_ count: Int, at place: Int) -> Bool {
        place + count <= bytes.count && bytes[place..<(place + count)].allSatisfy { $0 == UInt8(ascii: "#") }
    }
}
