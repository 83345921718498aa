/// What GET with `?attribute=<name>` answers: one value as stored text. Source: contract 1.2, 1.3.
package struct AttributeDocument: Codable, Hashable, Sendable {
    /// The name that was asked for.
    package var attribute: String
    /// The stored text; lists and objects as JSON text.
    package var value: String

    /// One attribute.
    package init(attribute: String, value: String) {
        self.attribute = attribute
        self.value = value
    }
}
