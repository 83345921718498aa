/// One element of a constraint list, read and ready to be checked against properties.
///
/// The language is that of the real system, exactly, with its quirks; a command line may warn about them, a node must not
/// read a policy differently from its neighbours. Two limits are ours: length and depth, so that a hostile policy costs
/// little. Reading takes time in proportion to the length.
///
/// Two constraints are equal when they say the same, comparison by comparison. Compare `text` to compare spellings.
/// Source: contract 4.4.
package struct Constraint: Hashable, Sendable, CustomStringConvertible {
    /// The longest text that is read. Units: UTF-8 bytes.
    package static let lengthMax = 64 * 1024

    /// How deep parentheses may nest.
    package static let depthMax = 64

    /// The constraint as it was written.
    package let text: String

    private let alternatives: ConstraintAlternatives

    /// Reads `text`.
    ///
    /// Errors: `ConstraintError` with position and expectation when the real agent would refuse the text, or a limit is passed.
    package init(parsing text: String) throws(ConstraintError) {
        try Self.checkSyntax(text)
        var reader = ConstraintReader(text)
        self.text = text
        alternatives = try ConstraintAlternatives(&reader)
    }

    /// The constraint in one spelling, which reads as an equal one unless it has grown beyond the limit of length.
    package var description: String { alternatives.text }

    package static func == (left: Constraint, right: Constraint) -> Bool { left.alternatives == right.alternatives }

    package func hash(into hasher: inout Hasher) { hasher.combine(alternatives) }

    /// Whether the properties satisfy the constraint.
    package func isSatisfied(by properties: [Property]) -> Bool {
        alternatives.isSatisfied(by: properties)
    }

    /// Checks `text` the way the real system does when a policy is saved.
    ///
    /// Kept: this is a little more lenient than reading, because it looks at the pieces without their structure.
    /// Errors: as for `init(parsing:)`.
    package static func checkSyntax(_ text: String) throws(ConstraintError) {
        guard text.utf8.count <= lengthMax else {
            throw ConstraintError(
                kind: .textTooLong, subject: String(text.unicodeScalars.prefix(80)), position: lengthMax + 1, found: "",
                expected: "at most \(lengthMax) bytes, found \(text.utf8.count)")
        }
        var reader = ConstraintReader(text)
        var depth = 0
        while !reader.isAtEnd {
            let comparison = try reader.nextComparison()
            depth += try skipJoiners(&reader, isNeeded: comparison != nil)
        }
        guard depth == 0 else {
            throw reader.error(
                .parenthesesUnmatched, at: text.unicodeScalars.count, depth > 0 ? "\(depth) more ')'" : "\(-depth) fewer ')'")
        }
    }

    /// Skips parentheses and the joiner after them; returns how many more were opened than closed.
    private static func skipJoiners(_ reader: inout ConstraintReader, isNeeded: Bool) throws(ConstraintError) -> Int {
        var depth = 0
        while true {
            let joiner: ConstraintReader.Joiner
            do throws(ConstraintError) {
                joiner = try reader.nextJoiner()
            } catch {
                // After a parenthesis a comparison may come instead; the next round reads or refuses it.
                if isNeeded { throw error }
                return depth
            }
            switch joiner {
            case .open: depth += 1
            case .close: depth -= 1
            case .and, .or, .end: return depth
            }
        }
    }
}
