/// One row of the change table. Source: contract 1.6.
package struct ResourceChangeDocument: Codable, Hashable, Sendable {
    /// Growing number of the row.
    package var changeId: Int64
    /// When it happened, RFC 3339.
    package var lastUpdated: String

    private enum CodingKeys: String, CodingKey { case changeId, lastUpdated }

    /// One row.
    package init(changeId: Int64, lastUpdated: String) {
        self.changeId = changeId
        self.lastUpdated = lastUpdated
    }

    /// Absent: 0 and no time.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        changeId = try container.read(.changeId, or: 0)
        lastUpdated = try container.read(.lastUpdated, or: "")
    }
}
