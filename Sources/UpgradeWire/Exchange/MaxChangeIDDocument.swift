/// What `GET changes/maxchangeid` answers. Source: contract 1.6.
package struct MaxChangeIDDocument: Codable, Hashable, Sendable {
    /// The newest row's id; 0 = there was none yet.
    package var maxChangeId: Int64

    private enum CodingKeys: String, CodingKey { case maxChangeId }

    /// The id of the newest row.
    package init(maxChangeId: Int64) { self.maxChangeId = maxChangeId }

    /// Absent = 0.
    package init(from decoder: any Decoder) throws {
        maxChangeId = try decoder.container(keyedBy: CodingKeys.self).read(.maxChangeId, or: 0)
    }
}
