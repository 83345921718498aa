/// Finds the quirks of a pattern that a policy lists. Source: contract 4.3.
package enum PatternReview {
    /// The quirks of one entry.
    package static func quirks(in pattern: String) -> [Quirk] {
        if pattern.isEmpty { return [Quirk(kind: .patternEmpty, found: pattern, position: 1)] }
        let stars = pattern.unicodeScalars.prefix { $0 != "*" }.count
        return pattern.contains("*") ? [Quirk(kind: .patternWildcard, found: pattern, position: stars + 1)] : []
    }
}
