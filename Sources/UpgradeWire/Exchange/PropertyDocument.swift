/// One property of a node policy or of a management policy. Source: contract 1.2, 1.3, 4.4.
package struct PropertyDocument: Codable, Hashable, Sendable {
    /// What constraints refer to, case-sensitive.
    package var name: String
    /// One of `string`, `int`, `float`, `boolean`, `list of strings`, `version`; nil = undeclared.
    package var type: String?
    /// The value, JSON of any kind.
    package var value: JSONValue

    private enum CodingKeys: String, CodingKey { case name, type, value }

    /// A property; undeclared unless a type is given.
    package init(name: String, type: String? = nil, value: JSONValue) {
        self.name = name
        self.type = type
        self.value = value
    }

    /// Absent name = `""`, absent type = undeclared, absent value = `null`. So is a value that cannot be read, as one that is nested too
    /// deep: it suits no rule anyway, and one policy must not keep a node from reading the others.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.read(.name, or: "")
        type = try container.readText(.type)
        value = (try? container.read(.value, or: .null)) ?? .null
    }
}
