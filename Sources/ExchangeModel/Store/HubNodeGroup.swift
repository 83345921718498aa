/// A high-availability group as it is stored; its members lie in a table of their own.
package struct HubNodeGroup: Codable, Hashable, Sendable {
    /// For people.
    package var description: String
    /// Whether an administrator made it.
    package var admin: Bool
    /// RFC 3339.
    package var lastUpdated: String

    /// Memberwise.
    package init(description: String, admin: Bool, lastUpdated: String) {
        self.description = description
        self.admin = admin
        self.lastUpdated = lastUpdated
    }
}
