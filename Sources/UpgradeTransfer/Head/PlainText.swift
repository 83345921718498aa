/// Text of strangers that goes into our messages.
enum PlainText {
    /// Readable, one line, at most `charactersMax` characters: control characters and runs of white space become one space.
    static func clean(_ bytes: some Sequence<UInt8>, charactersMax: Int) -> String {
        var line = ""
        var count = 0
        for character in String(decoding: Array(bytes), as: UTF8.self) {
            let isBlank = character.isWhitespace || character.unicodeScalars.contains { isControl($0) }
            if isBlank, line.isEmpty || line.last == " " { continue }
            guard count < charactersMax else { break }
            line.append(isBlank ? " " : character)
            count += 1
        }
        while line.last == " " { line.removeLast() }
        return line
    }

    /// Also the invisible ones that turn the direction of text.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
