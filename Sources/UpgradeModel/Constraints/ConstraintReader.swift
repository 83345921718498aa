/// Reads comparisons and joiners from left to right; the caller decides in which order they may come.
struct ConstraintReader {
    /// What stands between comparisons.
    enum Joiner: Equatable {
        case and
        case or
        case open
        case close
        case end
    }

    let text: String
    let lexer: ConstraintLexer
    private(set) var position = 0

    init(_ text: String) {
        self.text = text
        lexer = ConstraintLexer(scalars: Array(text.unicodeScalars))
    }

    var isAtEnd: Bool { position >= lexer.scalars.count }

    /// The next comparison; nil when a parenthesis or nothing but blanks comes next.
    mutating func nextComparison() throws(ConstraintError) -> ConstraintComparison? {
        guard !skipToEndIfBlank() else { return nil }
        guard let first = lexer.token(at: position) else { throw error(.nameExpected, at: position, "a property name or '('") }
        if first.kind == .open || first.kind == .close { return nil }
        guard first.kind.isWord, first.isFaithful else {
            throw error(.nameExpected, at: position, "a property name that does not begin with a digit, 'in' or an operator")
        }
        return try comparison(named: first)
    }

    /// What comes after a comparison. Reads nothing when it throws.
    mutating func nextJoiner() throws(ConstraintError) -> Joiner {
        guard !skipToEndIfBlank() else { return .end }
        guard let token = lexer.token(at: position), token.isFaithful, let joiner = Self.joiner(token.kind) else {
            throw error(.joinerExpected, at: position, "' AND ', ' && ', ' OR ', ' || ', a parenthesis or the end")
        }
        position = token.range.upperBound
        return joiner
    }

    func error(_ kind: ConstraintError.Kind, at position: Int, _ expected: String) -> ConstraintError {
        ConstraintError(
            kind: kind, subject: String(text.unicodeScalars.prefix(80)), position: position + 1,
            found: string(position..<min(position + 20, lexer.scalars.count)), expected: expected)
    }

    private static func joiner(_ kind: ConstraintToken.Kind) -> Joiner? {
        switch kind {
        case .and: .and
        case .or: .or
        case .open: .open
        case .close: .close
        case .inWord, .ordering, .membership, .equality, .range, .version, .number, .word, .quoted, .list: nil
        }
    }

    private mutating func comparison(named first: ConstraintToken) throws(ConstraintError) -> ConstraintComparison {
        var name = string(first.range)
        guard let second = lexer.token(at: first.range.upperBound), second.isFaithful else {
            throw error(.operatorExpected, at: first.range.upperBound, "an operator after '\(name)'")
        }
        if second.kind.isOperator {
            guard let sign = ConstraintComparison.Operator(trimmed(second.range)) else {
                throw error(.operatorExpected, at: second.range.lowerBound, "an operator after '\(name)'")
            }
            let value = try value(at: second.range.upperBound)
            try checkFit(second.kind, value)
            position = value.range.upperBound
            return ConstraintComparison(name: name, sign: sign, operand: trimmed(value.range))
        }
        // Kept: `countryin"x, y"` means `country in "x, y"`, and its operand is not checked.
        guard name.utf8.count > 3, name.hasSuffix("in") else {
            throw error(.operatorExpected, at: second.range.lowerBound, "an operator after '\(name)'")
        }
        guard second.kind.isValue else { throw error(.valueExpected, at: second.range.lowerBound, "a value after '\(name)'") }
        name.unicodeScalars.removeLast(2)
        position = second.range.upperBound
        return ConstraintComparison(name: name, sign: .isIn, operand: trimmed(second.range))
    }

    private func value(at position: Int) throws(ConstraintError) -> ConstraintToken {
        guard let token = lexer.token(at: position), token.isFaithful, token.kind.isValue else {
            throw error(.valueExpected, at: position, "a word, a number, a quoted text, a version or a range")
        }
        return token
    }

    private func checkFit(_ sign: ConstraintToken.Kind, _ value: ConstraintToken) throws(ConstraintError) {
        let place = value.range.lowerBound
        switch (sign, value.kind) {
        case (.equality, .range), (.equality, .list):
            throw error(.valueDoesNotFit, at: place, "one value; lists and ranges go with 'in'")
        case (.ordering, _):
            if NumberText.number(string(value.range)) == nil { throw error(.valueDoesNotFit, at: place, "a number") }
        case (.membership, .range):
            if VersionRange(string(value.range)) == nil { throw error(.valueDoesNotFit, at: place, "a range such as [1.0.0,2.0.0)") }
        case (.membership, .word), (.membership, .inWord), (.membership, .number):
            throw error(.valueDoesNotFit, at: place, "a quoted text or list, a version or a range")
        default:
            break
        }
    }

    private mutating func skipToEndIfBlank() -> Bool {
        var index = position
        while index < lexer.scalars.count {
            guard lexer.scalars[index].isSpace else { return false }
            index += 1
        }
        position = index
        return true
    }

    private func string(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: lexer.scalars[range])
        return String(view)
    }

    private func trimmed(_ range: Range<Int>) -> String {
        var range = range
        while let first = range.first, lexer.scalars[first].isSpace { range = first + 1..<range.upperBound }
        while let last = range.last, lexer.scalars[last].isSpace { range = range.lowerBound..<last }
        return string(range)
    }
}

extension Unicode.Scalar {
    /// Whether it is a blank of any kind; ASCII is told without the Unicode tables.
    fileprivate var isSpace: Bool { isASCII ? value == 0x20 || (0x09...0x0D).contains(value) : properties.isWhitespace }
}
