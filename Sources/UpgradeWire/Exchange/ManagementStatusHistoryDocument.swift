/// What `GET orgs/{org}/nodes/{id}/managementStatusHistory` answers. An addition of ours.
package struct ManagementStatusHistoryDocument: Codable, Hashable, Sendable {
    /// Shape: oldest first, at most the newest 10,000 of the node.
    package var history: [StatusHistoryEntryDocument]
    /// Always 0, as in every other envelope.
    package var lastIndex: Int

    private enum CodingKeys: String, CodingKey { case history, lastIndex }

    /// Empty unless given.
    package init(history: [StatusHistoryEntryDocument] = [], lastIndex: Int = 0) {
        self.history = history
        self.lastIndex = lastIndex
    }

    /// Absent keys: no history.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        history = try container.read(.history, or: [])
        lastIndex = try container.read(.lastIndex, or: 0)
    }
}
