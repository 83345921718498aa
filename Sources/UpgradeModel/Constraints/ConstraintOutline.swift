/// A constraint piece by piece, each with its place: for those who look at how it is written, not at what it decides.
///
/// Blanks between pieces are left out. Source: contract 4.4.
package struct ConstraintOutline: Hashable, Sendable {
    /// What a piece is.
    package enum Kind: Hashable, Sendable {
        /// The name of a property; blanks before it are a part of it.
        case name
        /// An operator.
        case sign
        /// An operand.
        case word, number, quoted, version, range
        /// What joins comparisons.
        case and, or, open, close

        /// Whether it is what a name is compared with.
        package var isOperand: Bool {
            switch self {
            case .word, .number, .quoted, .version, .range: true
            case .name, .sign, .and, .or, .open, .close: false
            }
        }
    }

    /// One piece.
    package struct Piece: Hashable, Sendable {
        /// What it is.
        package let kind: Kind
        /// As it was written, with its quotes.
        package let text: String
        /// Units: characters (Unicode scalars), the first is 1.
        package let position: Int

        /// Whether a property that is a number compares itself with it.
        package var spellsNumber: Bool { NumberText.number(text) != nil }
        /// Whether a property that is a boolean compares itself with it.
        package var spellsBool: Bool { NumberText.bool(text) != nil }
    }

    /// All pieces, also those that a node never looks at.
    package let pieces: [Piece]

    /// Reads `text`. Errors: as for `Constraint`.
    package init(parsing text: String) throws(ConstraintError) {
        _ = try Constraint(parsing: text)
        let lexer = ConstraintLexer(scalars: Array(text.unicodeScalars))
        // Blanks of any kind at the end are no piece, not even those that would be letters elsewhere; but they may be an operand.
        let end = lexer.scalars.lastIndex { !$0.properties.isWhitespace } ?? -1
        var pieces: [Piece] = []
        var position = 0
        while position <= end || [.name, .sign].contains(pieces.last?.kind), let token = lexer.token(at: position) {
            let kind = Self.kind(token.kind, after: pieces.last?.kind)
            let scalars = lexer.scalars[token.range]
            // Blanks are a part of names, of other pieces they are not.
            let isInside = { (scalar: Unicode.Scalar) in kind == .name || !scalar.properties.isWhitespace }
            let start = scalars.firstIndex(where: isInside) ?? scalars.startIndex
            let last = scalars.lastIndex(where: isInside) ?? start
            pieces.append(Piece(kind: kind, text: Self.string(scalars[start...].prefix(last + 1 - start)), position: start + 1))
            position = token.range.upperBound
        }
        self.pieces = pieces
    }

    /// A word is a name, unless a name or an operator stands before it.
    private static func kind(_ kind: ConstraintToken.Kind, after last: Kind?) -> Kind {
        switch kind {
        case .word, .inWord: last == .name || last == .sign ? .word : .name
        case .ordering, .membership, .equality: .sign
        case .number: .number
        case .quoted, .list: .quoted
        case .version: .version
        case .range: .range
        case .and: .and
        case .or: .or
        case .open: .open
        case .close: .close
        }
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
