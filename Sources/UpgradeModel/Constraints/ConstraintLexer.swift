/// Cuts a constraint into its pieces. Source: contract 4.4.
struct ConstraintLexer {
    let scalars: [Unicode.Scalar]

    /// The piece that begins at `position`; nil when nothing fits there or the text is at its end.
    func token(at position: Int) -> ConstraintToken? {
        guard position < scalars.count else { return nil }
        for kind in ConstraintToken.Kind.allCases {
            var cursor = ConstraintCursor(scalars: scalars, position: position)
            if Self.reads(kind, &cursor) {
                return ConstraintToken(kind: kind, range: position..<cursor.position, isFaithful: cursor.isFaithful)
            }
        }
        return nil
    }

    private static func reads(_ kind: ConstraintToken.Kind, _ cursor: inout ConstraintCursor) -> Bool {
        switch kind {
        case .inWord: inWord(&cursor)
        case .and: joiner("AND", "&&", &cursor)
        case .or: joiner("OR", "||", &cursor)
        case .ordering: ordering(&cursor)
        case .membership: blanksAround(&cursor) { $0.literal("in") }
        case .equality: blanksAround(&cursor, equality)
        case .range: range(&cursor)
        case .version: version(&cursor)
        case .number: number(&cursor)
        case .open: blanksAround(&cursor) { $0.literal("(") }
        case .close: close(&cursor)
        case .word: word(&cursor)
        case .quoted: quoted(&cursor, isQuotable)
        case .list: quoted(&cursor) { isQuotable($0) || $0 == "," }
        }
    }

    private static func inWord(_ cursor: inout ConstraintCursor) -> Bool {
        guard cursor.literal("in") else { return false }
        while cursor.literal("in") {}
        return cursor.some(isWordScalar)
    }

    private static func joiner(_ name: String, _ sign: String, _ cursor: inout ConstraintCursor) -> Bool {
        guard cursor.some(isBlank), cursor.literal(name) || cursor.literal(sign) else { return false }
        return cursor.some(isBlank)
    }

    private static func ordering(_ cursor: inout ConstraintCursor) -> Bool {
        blanksAround(&cursor) { cursor in
            _ = cursor.literal("=")
            guard cursor.literal("<") || cursor.literal(">") else { return false }
            _ = cursor.literal("=")
            return true
        }
    }

    private static func equality(_ cursor: inout ConstraintCursor) -> Bool {
        if cursor.literal("!=") { return true }
        guard cursor.literal("=") else { return false }
        _ = cursor.literal("=")
        return true
    }

    private static func range(_ cursor: inout ConstraintCursor) -> Bool {
        cursor.any(isBlank)
        guard cursor.literal("(") || cursor.literal("["), threeNumbers(&cursor) else { return false }
        cursor.any(isBlank)
        guard cursor.literal(",") else { return false }
        cursor.any(isBlank)
        guard threeNumbers(&cursor) || cursor.literal(Version.infinityWord) else { return false }
        return cursor.literal("]") || cursor.literal(")")
    }

    private static func version(_ cursor: inout ConstraintCursor) -> Bool {
        cursor.any(isBlank)
        return threeNumbers(&cursor)
    }

    private static func threeNumbers(_ cursor: inout ConstraintCursor) -> Bool {
        cursor.any(isDigit)
        guard cursor.literal(".") else { return false }
        cursor.any(isDigit)
        guard cursor.literal(".") else { return false }
        cursor.any(isDigit)
        return true
    }

    private static func number(_ cursor: inout ConstraintCursor) -> Bool {
        cursor.any(isBlank)
        _ = cursor.literal("-")
        guard cursor.some(isDigit) else { return false }
        if cursor.literal(".") { cursor.any(isDigit) }
        return true
    }

    private static func close(_ cursor: inout ConstraintCursor) -> Bool {
        cursor.any(isBlank)
        return cursor.literal(")")
    }

    private static func word(_ cursor: inout ConstraintCursor) -> Bool {
        cursor.any(isBlank)
        return cursor.some(isWordScalar)
    }

    private static func quoted(_ cursor: inout ConstraintCursor, _ belongs: (Unicode.Scalar) -> Bool) -> Bool {
        cursor.any(isBlank)
        guard cursor.literal("\""), cursor.some(belongs) else { return false }
        return cursor.literal("\"")
    }

    private static func blanksAround(_ cursor: inout ConstraintCursor, _ middle: (inout ConstraintCursor) -> Bool) -> Bool {
        cursor.any(isBlank)
        guard middle(&cursor) else { return false }
        cursor.any(isBlank)
        return true
    }
}

private func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r"
}

private func isDigit(_ scalar: Unicode.Scalar) -> Bool {
    ("0"..."9").contains(scalar)
}

private func isQuotable(_ scalar: Unicode.Scalar) -> Bool {
    isWordScalar(scalar) || scalar == " " || scalar == "\t"
}

private func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "0"..."9", "A"..."Z", "a"..."z", "_", "-", "/", "!", "?", "+", "~", "'", ".": true
    // Latin-1 supplement, hangul, currency signs, hiragana and katakana, common CJK, hangul syllables, full-width forms.
    case "\u{A0}"..."\u{FF}", "\u{1100}"..."\u{11FF}", "\u{20A0}"..."\u{20CF}", "\u{3040}"..."\u{30FF}": true
    case "\u{4E00}"..."\u{9FFF}", "\u{AC00}"..."\u{D7AF}", "\u{FF00}"..."\u{FFEF}": true
    default: false
    }
}
