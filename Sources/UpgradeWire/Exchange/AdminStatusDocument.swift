/// What `GET admin/status` and `GET orgs/{org}/status` answer; nil values are left out. Source: contract 1.8.
package struct AdminStatusDocument: Codable, Hashable, Sendable {
    /// Version of the database layout, whole hub only.
    package var dbSchemaVersion: Int?
    /// Sentence for people.
    package var msg: String?
    /// Agreement bots of the hub or of the org.
    package var numberOfAgbots: Int?
    /// Their agreements; a hub without services has none.
    package var numberOfAgbotAgreements: Int?
    /// Messages for them; none.
    package var numberOfAgbotMsgs: Int?
    /// Agreements of nodes; none.
    package var numberOfNodeAgreements: Int?
    /// Messages for nodes; none.
    package var numberOfNodeMsgs: Int?
    /// Orgs of the hub.
    package var numberOfOrganizations: Int?
    /// Users of the hub or of the org.
    package var numberOfUsers: Int?
    /// Nodes of the hub or of the org.
    package var numberOfNodes: Int?
    /// Those with a public key.
    package var numberOfRegisteredNodes: Int?
    /// Those without a public key.
    package var numberOfUnregisteredNodes: Int?
    /// Version of the database layout, per-org form only (wire key `SchemaVersion`).
    package var schemaVersion: Int?

    private enum CodingKeys: String, CodingKey {
        case dbSchemaVersion, msg, numberOfOrganizations, numberOfUsers, numberOfNodes, numberOfRegisteredNodes
        case numberOfUnregisteredNodes, numberOfAgbots, numberOfAgbotAgreements, numberOfAgbotMsgs, numberOfNodeAgreements
        case numberOfNodeMsgs
        case schemaVersion = "SchemaVersion"
    }

    /// Nothing unless given.
    package init(
        dbSchemaVersion: Int? = nil, msg: String? = nil, numberOfOrganizations: Int? = nil, numberOfUsers: Int? = nil,
        numberOfNodes: Int? = nil, numberOfRegisteredNodes: Int? = nil, numberOfUnregisteredNodes: Int? = nil, schemaVersion: Int? = nil
    ) {
        self.dbSchemaVersion = dbSchemaVersion
        self.msg = msg
        self.numberOfOrganizations = numberOfOrganizations
        self.numberOfUsers = numberOfUsers
        self.numberOfNodes = numberOfNodes
        self.numberOfRegisteredNodes = numberOfRegisteredNodes
        self.numberOfUnregisteredNodes = numberOfUnregisteredNodes
        self.schemaVersion = schemaVersion
    }
}
