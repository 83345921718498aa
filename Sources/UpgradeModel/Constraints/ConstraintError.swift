/// Why a constraint cannot be read: where, what stands there, and what was expected.
package struct ConstraintError: Error, Hashable, Sendable {
    /// The kind of mistake; the raw value is its stable word.
    package enum Kind: String, CaseIterable, Sendable {
        /// The text is too long.
        case textTooLong = "constraint-too-long"
        /// Too many parentheses in each other.
        case nestedTooDeep = "constraint-nested-too-deep"
        /// No property name where one must be.
        case nameExpected = "constraint-name-expected"
        /// No operator after the name.
        case operatorExpected = "constraint-operator-expected"
        /// No value after the operator.
        case valueExpected = "constraint-value-expected"
        /// A value that the operator does not take.
        case valueDoesNotFit = "constraint-value-does-not-fit"
        /// Two comparisons without AND or OR.
        case joinerExpected = "constraint-joiner-expected"
        /// A parenthesis without its partner.
        case parenthesesUnmatched = "constraint-parentheses-unmatched"
    }

    /// What is wrong.
    package let kind: Kind

    /// The constraint, shortened to 80 characters.
    package let subject: String

    /// Units: characters (Unicode scalars), the first is 1.
    package let position: Int

    /// The next few characters at that position; empty at the end of the text.
    package let found: String

    /// What would have been right there.
    package let expected: String

    /// One sentence for people.
    package var explanation: String {
        let where_ = found.isEmpty ? "at its end" : "at '\(found)'"
        return "constraint '\(subject)', character \(position), \(where_): expected \(expected)"
    }

    /// What to do about it.
    package var remedy: String {
        switch kind {
        case .textTooLong, .nestedTooDeep: "split the constraint: the elements of the list are joined by AND"
        case .nameExpected: "write comparisons as: name operator value"
        case .operatorExpected: "use one of == = != < > <= >= in after the name, and quote values with other characters"
        case .valueExpected: "quote values that begin with a digit or hold other characters than letters, digits and _-/!?+~'."
        case .valueDoesNotFit: "use 'in' for lists and ranges, and numbers with < > <= >="
        case .joinerExpected: "join comparisons with ' AND ' or ' OR ', in capitals, with blanks on both sides"
        case .parenthesesUnmatched: "close every parenthesis that is opened"
        }
    }
}
