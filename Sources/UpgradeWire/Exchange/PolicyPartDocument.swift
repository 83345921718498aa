/// The deployment or the management part of a node policy. Source: contract 1.2, 4.2.
package struct PolicyPartDocument: Codable, Hashable, Sendable {
    /// What the node says about itself for this purpose.
    package var properties: [PropertyDocument]
    /// What the node asks of the other side; all must hold.
    package var constraints: [String]

    private enum CodingKeys: String, CodingKey { case properties, constraints }

    /// Empty unless given.
    package init(properties: [PropertyDocument] = [], constraints: [String] = []) {
        self.properties = properties
        self.constraints = constraints
    }

    /// Absent keys are empty lists.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        properties = try container.read(.properties, or: [])
        constraints = try container.read(.constraints, or: [])
    }
}
