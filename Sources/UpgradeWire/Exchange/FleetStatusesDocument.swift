/// A page of the statuses of an org's nodes. An addition of `uplift-exchange`.
package struct FleetStatusesDocument: Codable, Hashable, Sendable {
    /// One status of one node.
    package struct Entry: Codable, Hashable, Sendable {
        /// `org/node`.
        package var node: String
        /// `org/policy`.
        package var policy: String
        /// As GET of that node's status shows it.
        package var status: ManagementStatusDocument
    }

    /// Ordered by the bytes of node and policy.
    package var statuses: [Entry]
    /// What the next request says as `after`; nil = this page is the last.
    package var next: String?
}
