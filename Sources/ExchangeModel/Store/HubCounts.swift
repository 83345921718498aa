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
    /// Agreement bots.
    package var agbots: Int

    /// Memberwise.
    package init(orgs: Int, users: Int, nodes: Int, registeredNodes: Int, agbots: Int) {
        self.orgs = orgs
        self.users = users
        self.nodes = nodes
        self.registeredNodes = registeredNodes
        self.agbots = agbots
    }
}
