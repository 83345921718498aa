/// What GET of one or of all statuses of a node answers. Source: contract 1.4.
package struct ManagementStatusesDocument: Codable, Hashable, Sendable {
    /// Shape: `org/policy` → status.
    package var managementStatus: [String: ManagementStatusDocument]
    /// Always 0; kept for clients that expect it.
    package var lastIndex: Int

    private enum CodingKeys: String, CodingKey { case managementStatus, lastIndex }

    /// Empty unless given.
    package init(managementStatus: [String: ManagementStatusDocument] = [:], lastIndex: Int = 0) {
        self.managementStatus = managementStatus
        self.lastIndex = lastIndex
    }

    /// Absent keys: no statuses.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        managementStatus = try container.read(.managementStatus, or: [:])
        lastIndex = try container.read(.lastIndex, or: 0)
    }
}
