/// The body of `POST orgs/{org}/changes`, a node's poll and heartbeat. Source: contract 1.6.
package struct ChangesRequestDocument: Codable, Hashable, Sendable {
    /// Rows from this id on; zero or less = not given. Wins over `lastUpdated`.
    package var changeId: Int64
    /// Rows from about this instant on, RFC 3339; nil = not given.
    package var lastUpdated: String?
    /// At most so many rows; the exchange caps it at 10,000 and answers 0 with none.
    package var maxRecords: Int
    /// Orgs that an agbot asks for (`*` = all); other callers leave it out.
    package var orgList: [String]?

    private enum CodingKeys: String, CodingKey { case changeId, lastUpdated, maxRecords, orgList }

    /// A poll from an id on, a thousand rows at most.
    package init(changeId: Int64 = 0, lastUpdated: String? = nil, maxRecords: Int = 1000, orgList: [String]? = nil) {
        self.changeId = changeId
        self.lastUpdated = lastUpdated
        self.maxRecords = maxRecords
        self.orgList = orgList
    }

    /// Absent numbers are 0, as the exchange reads them.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        changeId = try container.read(.changeId, or: 0)
        lastUpdated = try container.readIfPresent(.lastUpdated)
        maxRecords = try container.read(.maxRecords, or: 0)
        orgList = try container.readIfPresent(.orgList)
    }
}
