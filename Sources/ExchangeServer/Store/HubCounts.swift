/// How many things there are. Source: contract 1.8.
package struct HubCounts: Hashable, Sendable {
    /// Orgs.
    package var orgs: Int
    /// Users.
    package var users: Int
    /// Nodes.
    package var nodes: Int
    /// Nodes with a public key.
    package var registeredNodes: Int
}
