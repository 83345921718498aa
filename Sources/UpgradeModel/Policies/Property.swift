/// A named value that a node or a policy advertises and that constraints of the other side are checked against.
///
/// Source: contract 4.4.
package struct Property: Hashable, Codable, Sendable {
    /// The name; capitals matter.
    package var name: String

    /// The value.
    package var value: PropertyValue

    /// The declared type as it was written; nil or empty when none was declared.
    package var type: String?

    /// A property from its parts.
    package init(name: String, value: PropertyValue, type: String? = nil) {
        self.name = name
        self.value = value
        self.type = type
    }

    /// The declared type, or nil when the word is not a type.
    package var declaredType: PropertyType? { PropertyType(rawValue: type ?? "") }
}

/// The value of a property as it came from JSON.
package enum PropertyValue: Hashable, Codable, Sendable {
    /// `true` or `false`.
    case bool(Bool)
    /// Kept: every JSON number is a 64-bit float.
    case number(Double)
    /// A text.
    case string(String)
    /// Null, an array or an object: never valid, never equal to anything.
    case other
}

/// The types that a property may declare.
package enum PropertyType: String, CaseIterable, Hashable, Sendable {
    /// No type was declared.
    case undeclared = ""
    /// A text.
    case string
    /// A whole number.
    case int
    /// A number.
    case float
    /// `true` or `false`.
    case boolean
    /// A text whose elements are separated by commas.
    case listOfStrings = "list of strings"
    /// One to three dotted numbers.
    case version
}
