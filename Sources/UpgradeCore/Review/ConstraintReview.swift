import UpgradeModel

/// Finds the quirks of a constraint, from its pieces alone. Source: contract 4.4.
package enum ConstraintReview {
    /// The quirks, from left to right. Errors: the constraint cannot be read at all.
    package static func quirks(in text: String) throws(ConstraintError) -> [Quirk] {
        let pieces = try ConstraintOutline(parsing: text).pieces
        var quirks: [Quirk] = []
        var depth = 0
        for (index, piece) in pieces.enumerated() {
            let next = index + 1 < pieces.count ? pieces[index + 1] : nil
            switch piece.kind {
            case .and, .or:
                if next == nil || next?.kind == .close { quirks.append(Quirk(.emptyTerm, piece)) }
            case .open:
                depth += 1
                if next?.kind == .close { quirks.append(Quirk(.emptyTerm, piece)) }
            case .close:
                depth -= 1
                // Nothing behind it counts, so nothing behind it is looked at here either.
                guard depth >= 0 else { return quirks + [Quirk(.closesNothing, piece)] }
            case .name:
                quirks += comparison(pieces[index...].prefix(3))
            case .sign, .word, .number, .quoted, .version, .range:
                break
            }
        }
        return quirks
    }

    /// Whether a quirk may be the reason why properties satisfy a constraint that its author did not mean so.
    package static func misleads(_ quirk: Quirk, _ properties: [Property]) -> Bool {
        switch quirk.kind {
        // An empty term that is joined by AND changes nothing; an operator that is written backwards holds for equal numbers, as is meant.
        case .emptyTerm: !quirk.found.contains("&&") && !quirk.found.contains("AND")
        case .operatorBackwards: false
        case .lowerBoundExcluded, .upperBoundExcluded:
            properties.contains { property in
                guard case .string(let text) = property.value, let version = Version(text), let range = VersionRange(quirk.found) else {
                    return false
                }
                return RangeReview.isBypassed(range, by: version)
            }
        case .closesNothing, .blankBeforeName, .operatorMissing, .exclamationMark, .singleQuotes, .lookalike, .rangeBackwards,
            .builtInNeverHolds, .patternEmpty, .patternWildcard, .manifestRange:
            true
        }
    }

    /// The quirks of a name, its operator and its operand.
    private static func comparison(_ pieces: ArraySlice<ConstraintOutline.Piece>) -> [Quirk] {
        guard let name = pieces.first, let second = pieces.dropFirst().first else { return [] }
        guard second.kind == .sign, let operand = pieces.last else {
            return self.name(name) + [Quirk(.operatorMissing, name)] + self.operand(second)
        }
        var quirks = self.name(name)
        if ["=<", "=>", "=<=", "=>="].contains(second.text) { quirks.append(Quirk(.operatorBackwards, second)) }
        quirks += self.operand(operand)
        if let kind = BuiltInKind(ofProperty: name.text), !kind.canHold(sign: second.text, operand: operand) {
            quirks.append(Quirk(.builtInNeverHolds(kind), name))
        }
        return quirks
    }

    private static func name(_ name: ConstraintOutline.Piece) -> [Quirk] {
        var quirks: [Quirk] = []
        if let first = name.text.unicodeScalars.first, first.properties.isWhitespace { quirks.append(Quirk(.blankBeforeName, name)) }
        if name.text.hasPrefix("!") || name.text.hasSuffix("!") { quirks.append(Quirk(.exclamationMark, name)) }
        return quirks + word(name)
    }

    private static func operand(_ operand: ConstraintOutline.Piece) -> [Quirk] {
        switch operand.kind {
        case .word: (operand.text.hasPrefix("!") ? [Quirk(.exclamationMark, operand)] : []) + word(operand)
        case .range: VersionRange(operand.text).map { RangeReview.quirks(in: $0, text: operand.text, at: operand.position) } ?? []
        case .name, .sign, .number, .quoted, .version, .and, .or, .open, .close: []
        }
    }

    private static func word(_ word: ConstraintOutline.Piece) -> [Quirk] {
        var quirks: [Quirk] = []
        let bytes = word.text.utf8
        if bytes.count > 1, bytes.first == UInt8(ascii: "'"), bytes.last == UInt8(ascii: "'") { quirks.append(Quirk(.singleQuotes, word)) }
        if word.text.unicodeScalars.contains(where: isLookalike) { quirks.append(Quirk(.lookalike, word)) }
        return quirks
    }

    /// The no-break space, and the full-width forms of signs; full-width letters and digits are what they look like.
    private static func isLookalike(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\u{A0}", "\u{FF01}"..."\u{FF0F}", "\u{FF1A}"..."\u{FF20}", "\u{FF3B}"..."\u{FF40}", "\u{FF5B}"..."\u{FF60}": true
        default: false
        }
    }
}

extension Quirk {
    fileprivate init(_ kind: Kind, _ piece: ConstraintOutline.Piece) {
        self.init(kind: kind, found: piece.text, position: piece.position)
    }
}

/// Finds the quirks of a range of versions. Source: contract 4.5.
package enum RangeReview {
    /// Whether a version is inside although a bound excludes it: it is the bound in another spelling, or a pre-release of it.
    package static func isBypassed(_ range: VersionRange, by version: Version) -> Bool {
        guard range.contains(version) else { return false }
        return !range.includesLower && version == range.lower
            || !range.includesUpper && version.finished == range.upper && range.upper != .infinity
    }

    /// The quirks, from left to right.
    ///
    /// - Parameters:
    ///   - text: the range as it was written.
    ///   - position: where it begins.
    package static func quirks(in range: VersionRange, text: String, at position: Int = 1) -> [Quirk] {
        var quirks: [Quirk] = []
        if range.lower > range.upper { quirks.append(Quirk(kind: .rangeBackwards, found: text, position: position)) }
        if !range.includesLower { quirks.append(Quirk(kind: .lowerBoundExcluded, found: text, position: position)) }
        // No spelling gets round INFINITY.
        if !range.includesUpper, range.upper != .infinity {
            quirks.append(Quirk(kind: .upperBoundExcluded, found: text, position: position + text.unicodeScalars.count - 1))
        }
        return quirks
    }
}
