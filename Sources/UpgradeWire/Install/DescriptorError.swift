/// A package descriptor that cannot be believed: every mistake in it, so that its author repairs it once.
package struct DescriptorError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One mistake.
    package struct Mistake: Hashable, Sendable, CustomStringConvertible {
        /// The reasons that callers tell apart.
        package enum Kind: String, Hashable, Sendable {
            /// The document is too long or is no JSON object.
            case unreadable
            /// A field is absent.
            case missing
            /// A field has another value than allowed.
            case wrongValue
            /// A field that we do not know.
            case unknownField
        }

        /// Why, in one notion.
        package let kind: Kind
        /// The field, `health.command[0]`; empty for the document itself.
        package let field: String
        /// What stood there; empty when nothing did.
        package let found: String
        /// What would be right.
        package let expected: String

        package var description: String {
            switch kind {
            case .unreadable: "found \(found), expected \(expected)"
            case .missing: "\(field) is missing, expected \(expected)"
            case .wrongValue: "\(field): found \(found), expected \(expected)"
            case .unknownField: "\(field) is not a known field, expected \(expected)"
            }
        }
    }

    /// Every mistake, in the order of the fields. Shape: never empty.
    package let mistakes: [Mistake]

    package var description: String {
        "package descriptor: " + mistakes.map(\.description).joined(separator: "; ")
    }
}
