/// Text from outside, made fit for a message: nobody's file name rings the bell of a terminal or forges a log line.
package enum VisibleText {
    /// The text with control characters, and the backslash that marks them, written as `\u{1b}`; cut after `max` characters.
    package static func escaping(_ text: String, max: Int = 200) -> String {
        var result = ""
        var count = 0
        for scalar in text.unicodeScalars {
            count += 1
            guard count <= max else { return result + "…" }
            if isHarmless(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            }
        }
        return result
    }

    /// True unless the text holds a character that acts instead of being seen: controls, line separators, changes of direction.
    package static func isVisible(_ text: String) -> Bool { !text.unicodeScalars.contains(where: acts) }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool { !acts(scalar) && scalar != "\\" }

    private static func acts(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
