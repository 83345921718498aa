/// Comma separated texts as the constraint language compares them: byte by byte, without blanks and one pair of quotes.
enum ListText {
    static func trimmed(_ text: some StringProtocol) -> String {
        var bytes = Substring(text).utf8
        while bytes.first == UInt8(ascii: " ") { bytes = bytes.dropFirst() }
        while bytes.last == UInt8(ascii: " ") { bytes = bytes.dropLast() }
        return String(Substring(bytes))
    }

    static func unquoted(_ text: String) -> String {
        let bytes = text.utf8
        guard bytes.first == UInt8(ascii: "\""), bytes.last == UInt8(ascii: "\"") else { return text }
        return String(Substring(bytes.dropFirst().dropLast()))
    }

    static func contains(_ element: String, in list: String) -> Bool {
        let wanted = unquoted(trimmed(element))
        // The usual value is no list; cutting it up would cost more than everything else.
        guard list.utf8.contains(UInt8(ascii: ",")) else { return unquoted(trimmed(list)).utf8.elementsEqual(wanted.utf8) }
        return elements(list).contains { unquoted(trimmed($0)).utf8.elementsEqual(wanted.utf8) }
    }

    static func sharesElement(_ left: String, _ right: String) -> Bool {
        let known = Set(elements(right).map { Array(unquoted(trimmed($0)).utf8) })
        return elements(left).contains { known.contains(Array(unquoted(trimmed(unquoted(trimmed($0)))).utf8)) }
    }

    private static func elements(_ list: String) -> [Substring] {
        list.unicodeScalars.split(separator: ",", omittingEmptySubsequences: false).map(Substring.init)
    }
}
