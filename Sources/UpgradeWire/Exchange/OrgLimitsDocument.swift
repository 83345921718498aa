/// Limits of an org. Stored and given back; not enforced here.
package struct OrgLimitsDocument: Codable, Hashable, Sendable {
    /// At most so many nodes; 0 = no limit.
    package var maxNodes: Int

    private enum CodingKeys: String, CodingKey { case maxNodes }

    /// No limit unless given.
    package init(maxNodes: Int = 0) { self.maxNodes = maxNodes }

    /// Absent = no limit.
    package init(from decoder: any Decoder) throws {
        maxNodes = try decoder.container(keyedBy: CodingKeys.self).read(.maxNodes, or: 0)
    }
}
