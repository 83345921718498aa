/// What a node says about its errors. Source: contract 1.2.
package struct NodeErrorsDocument: Codable, Hashable, Sendable {
    /// As the node sent them.
    package var errors: [JSONValue]
    /// RFC 3339.
    package var lastUpdated: String

    private enum CodingKeys: String, CodingKey { case errors, lastUpdated }

    /// Memberwise.
    package init(errors: [JSONValue] = [], lastUpdated: String = "") {
        self.errors = errors
        self.lastUpdated = lastUpdated
    }

    /// Absent keys are empty. Errors: `DecodingError` for a wrong kind.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        errors = try container.read(.errors, or: [])
        lastUpdated = try container.read(.lastUpdated, or: "")
    }
}
