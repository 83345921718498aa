/// What GET of one or of all orgs answers.
package struct OrgsDocument: Codable, Hashable, Sendable {
    /// Shape: name → org.
    package var orgs: [String: OrgDocument]
    /// Always 0.
    package var lastIndex: Int

    private enum CodingKeys: String, CodingKey { case orgs, lastIndex }

    /// Empty unless given.
    package init(orgs: [String: OrgDocument] = [:], lastIndex: Int = 0) {
        self.orgs = orgs
        self.lastIndex = lastIndex
    }

    /// Absent keys: no orgs.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        orgs = try container.read(.orgs, or: [:])
        lastIndex = try container.read(.lastIndex, or: 0)
    }
}
