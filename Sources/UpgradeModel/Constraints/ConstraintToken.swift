/// One piece of a constraint, with the blanks that the language counts to it.
struct ConstraintToken {
    /// The kinds of pieces, in the order in which they are tried: the first that fits is taken, even if a later one is longer.
    enum Kind: CaseIterable {
        case inWord
        case and
        case or
        case ordering
        case membership
        case equality
        case range
        case version
        case number
        case open
        case close
        case word
        case quoted
        case list

        var isWord: Bool { self == .word || self == .inWord }
        var isOperator: Bool { self == .ordering || self == .membership || self == .equality }

        var isValue: Bool {
            switch self {
            case .inWord, .range, .version, .number, .word, .quoted, .list: true
            case .and, .or, .ordering, .membership, .equality, .open, .close: false
            }
        }
    }

    var kind: Kind
    var range: Range<Int>

    /// False when the real reader drops characters while it reads this piece; it then refuses the constraint.
    var isFaithful: Bool
}

/// Reads characters from left to right.
///
/// Kept: a literal that fails half-way has still used up what it read, also the character that did not fit. That is why
/// `initial == x` is refused by the real agent (it tries a second `in` after the first) and `initram == x` likewise.
struct ConstraintCursor {
    let scalars: [Unicode.Scalar]
    var position: Int
    var isFaithful = true

    mutating func literal(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, position < scalars.count, scalars[position] == first else { return false }
        for scalar in text.unicodeScalars {
            let read = position < scalars.count ? scalars[position] : nil
            position = min(position + 1, scalars.count)
            if read != scalar {
                isFaithful = false
                return false
            }
        }
        return true
    }

    mutating func one(_ belongs: (Unicode.Scalar) -> Bool) -> Bool {
        guard position < scalars.count, belongs(scalars[position]) else { return false }
        position += 1
        return true
    }

    mutating func any(_ belongs: (Unicode.Scalar) -> Bool) {
        while one(belongs) {}
    }

    mutating func some(_ belongs: (Unicode.Scalar) -> Bool) -> Bool {
        guard one(belongs) else { return false }
        any(belongs)
        return true
    }
}
