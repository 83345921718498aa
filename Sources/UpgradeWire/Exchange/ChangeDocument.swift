/// All rows of one page about one resource: org, id and resource together. Source: contract 1.6.
package struct ChangeDocument: Codable, Hashable, Sendable {
    /// Org of the changed thing.
    package var orgId: String
    /// Kind of the changed thing, as `node`, `mgmtpolicy`, `nodemgmtpolstatus`.
    package var resource: String
    /// Bare id of the changed thing.
    package var id: String
    /// Last of the operations, as `created`, `modified`, `created/modified`, `deleted`.
    package var operation: String
    /// Shape: ascending ids, at least one.
    package var resourceChanges: [ResourceChangeDocument]

    private enum CodingKeys: String, CodingKey { case orgId, resource, id, operation, resourceChanges }

    /// One group of rows.
    package init(orgId: String, resource: String, id: String, operation: String, resourceChanges: [ResourceChangeDocument]) {
        self.orgId = orgId
        self.resource = resource
        self.id = id
        self.operation = operation
        self.resourceChanges = resourceChanges
    }

    /// Absent texts are empty.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        orgId = try container.read(.orgId, or: "")
        resource = try container.read(.resource, or: "")
        id = try container.read(.id, or: "")
        operation = try container.read(.operation, or: "")
        resourceChanges = try container.read(.resourceChanges, or: [])
    }
}
