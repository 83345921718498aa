/// `KEY=VALUE` files: `/etc/default/horizon`, a release's configuration, `/etc/uplift/*.conf`. One parser for all. Source: contract 3.3.
///
/// Blank lines and lines that begin with `#` are skipped; `export ` in front of a key and one pair of matching quotes around a value are
/// taken off; nothing is expanded. The last of several equal keys wins, as in a shell.
package enum SettingsFile {
    /// A line that could not be read.
    package struct Mistake: Hashable, Sendable, CustomStringConvertible {
        /// Counted from 1.
        package let line: Int
        /// One sentence with what was found and expected.
        package let explanation: String

        package var description: String { "line \(line): \(explanation)" }
    }

    /// The values that could be read, and every line that could not.
    package static func parse(_ text: String) -> (values: [String: String], mistakes: [Mistake]) {
        var values: [String: String] = [:]
        var mistakes: [Mistake] = []
        // CR LF is one Character, so lines are split by it too.
        for (index, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = trimmed(raw)
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard let equals = line.firstIndex(of: "=") else {
                mistakes.append(Mistake(line: index + 1, explanation: "found no '=', expected KEY=VALUE"))
                continue
            }
            var key = trimmed(line[..<equals])
            if key.hasPrefix("export ") { key = trimmed(key.dropFirst(7)) }
            guard !key.isEmpty, key.utf8.allSatisfy(isKeyByte) else {
                mistakes.append(Mistake(line: index + 1, explanation: "the key may hold letters, digits, '_', '-' and '.' only"))
                continue
            }
            values[String(key)] = unquoted(trimmed(line[line.index(after: equals)...]))
        }
        return (values, mistakes)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }

    private static func unquoted(_ text: Substring) -> String {
        guard text.count >= 2, let first = text.first, first == text.last, first == "\"" || first == "'" else { return String(text) }
        return String(text.dropFirst().dropLast())
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }
}
