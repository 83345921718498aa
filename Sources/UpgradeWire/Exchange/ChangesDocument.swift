/// What `POST orgs/{org}/changes` answers with 201. Repeats of rows already seen are normal. Source: contract 1.6.
package struct ChangesDocument: Codable, Hashable, Sendable {
    /// Shape: grouped by org, id and resource, ordered by first row.
    package var changes: [ChangeDocument]
    /// Where the next poll goes on: the poller asks from this plus one.
    package var mostRecentChangeId: Int64
    /// Whether the page was full, so that more is waiting.
    package var hitMaxRecords: Bool
    /// Version of the exchange, `2.154.0` for ours.
    package var exchangeVersion: String

    /// What the hub wants the node to tell of itself, `health` or `opstatus`; nil = nothing. An addition of `uplift-exchange`: other
    /// exchanges never write it, other agents do not look at it.
    package var selfReport: [String]?

    private enum CodingKeys: String, CodingKey { case changes, mostRecentChangeId, hitMaxRecords, exchangeVersion, selfReport }

    /// One page.
    package init(changes: [ChangeDocument] = [], mostRecentChangeId: Int64 = 0, hitMaxRecords: Bool = false, exchangeVersion: String = "") {
        self.changes = changes
        self.mostRecentChangeId = mostRecentChangeId
        self.hitMaxRecords = hitMaxRecords
        self.exchangeVersion = exchangeVersion
    }

    /// Absent keys: nothing changed.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        changes = try container.read(.changes, or: [])
        mostRecentChangeId = try container.read(.mostRecentChangeId, or: 0)
        hitMaxRecords = try container.read(.hitMaxRecords, or: false)
        exchangeVersion = try container.read(.exchangeVersion, or: "")
        selfReport = try container.readIfPresent(.selfReport)
    }
}
