import UpgradeModel
import UpgradeWire

/// What can be read inside a transaction. Absent rows are nil or empty; an error means that the database is damaged or away.
package protocol HubReading {
    /// One org.
    func org(_ name: String) throws -> OrgDocument?
    /// All orgs by name.
    func orgs() throws -> [String: OrgDocument]

    /// One user with its stored secret.
    func user(_ org: String, _ id: String) throws -> HubUser?
    /// All users of an org, by bare id.
    func users(_ org: String) throws -> [String: UserDocument]

    /// One node with its stored secret.
    func node(_ org: String, _ id: String) throws -> HubNode?
    /// The stored secret of one node, without the rest of it.
    func nodeTokenHash(_ org: String, _ id: String) throws -> String?
    /// The owner of one node, without the rest of it.
    func nodeOwner(_ org: String, _ id: String) throws -> String?
    /// All nodes of an org, or (not nil) those of one owner (`org/id`), by bare id.
    func nodes(_ org: String, owner: String?) throws -> [String: NodeDocument]
    /// The policy of a node.
    func nodePolicy(_ org: String, _ node: String) throws -> NodePolicyDocument?

    /// One management policy.
    func managementPolicy(_ org: String, _ name: String) throws -> NodeManagementPolicyDocument?
    /// Whether there is such a management policy.
    func hasManagementPolicy(_ org: String, _ name: String) throws -> Bool
    /// All management policies of an org, by bare name.
    func managementPolicies(_ org: String) throws -> [String: NodeManagementPolicyDocument]

    /// One or (nil) all statuses of a node, by bare policy name.
    func managementStatuses(_ org: String, _ node: String, policy: String?) throws -> [String: ManagementStatusDocument]
    /// The accepted status PUTs of a node that are still kept, oldest first.
    func statusHistory(_ org: String, _ node: String) throws -> [StatusHistoryEntryDocument]

    /// Names of the high-availability groups of an org, in order.
    func nodeGroupNames(_ org: String) throws -> [String]
    /// One high-availability group.
    func nodeGroup(_ org: String, _ name: String) throws -> HubNodeGroup?
    /// Bare ids of its members, in order.
    func nodeGroupMembers(_ org: String, _ name: String) throws -> [String]
    /// Who has the turn of a group.
    func turn(_ org: String, _ group: String) throws -> Turn?

    /// The agent file versions.
    func agentFileVersion() throws -> AgentFileVersionDocument?

    /// Rows of the change table that are in scope, ascending, at most `limit`.
    func changes(from start: ChangeWindowRule.Start, scope: ChangeScope, limit: Int) throws -> [ChangeRow]
    /// The highest number that a committed change ever had, also when its row is forgotten; 0 = none yet. No change that this state lacks
    /// will have one as low.
    func newestChange() throws -> Int64

    /// One object.
    func object(_ org: String, _ type: String, _ id: String) throws -> HubObject?
    /// All objects of an org, ordered by type and id.
    func objects(_ org: String) throws -> [HubObject]
    /// Every data file that an object refers to.
    func dataFiles() throws -> Set<String>

    /// How many there are, in the hub or (not nil) in one org.
    func counts(org: String?) throws -> HubCounts

    /// One agreement bot with its stored secret.
    func agbot(_ org: String, _ id: String) throws -> HubAgbot?
    /// The stored secret of one agreement bot, without the rest of it.
    func agbotTokenHash(_ org: String, _ id: String) throws -> String?

    /// What a node said last about its services.
    func nodeStatus(_ org: String, _ node: String) throws -> NodeStatusDocument?
    /// What a node said last about its errors.
    func nodeErrors(_ org: String, _ node: String) throws -> NodeErrorsDocument?

    /// How many nodes a user (`org/id`) owns, in all orgs.
    func nodeCount(owner: String) throws -> Int
    /// How many management policies a user (`org/id`) owns, in all orgs.
    func managementPolicyCount(owner: String) throws -> Int
    /// The statuses of an org that pass the filter, ordered by the bytes of node and policy, at most `limit`.
    func statusRows(_ org: String, _ filter: HubStatusFilter, limit: Int) throws -> [HubStatusRow]
    /// The registered nodes of all orgs behind a place, ordered by the bytes of org and id, at most `limit`, with their jobs under way.
    func healthRows(after place: HubNodePlace, limit: Int) throws -> [HubHealthRow]

    /// What a node said last of how it is.
    func nodeHealth(_ org: String, _ node: String) throws -> ReportedHealthDocument?
    /// Records of operation status, the newest writing first.
    func operations(_ query: HubOperationQuery) throws -> [HubOperationRow]
    /// What the watch left there; empty before.
    func fleetRecord() throws -> FleetRecord
}

/// Parts of a row by way of the whole row; a database that can do with less does so.
extension HubReading {
    /// The stored secret of one node.
    package func nodeTokenHash(_ org: String, _ id: String) throws -> String? { try node(org, id)?.tokenHash }
    /// The owner of one node.
    package func nodeOwner(_ org: String, _ id: String) throws -> String? { try node(org, id)?.document.owner }
    /// Whether there is such a management policy.
    package func hasManagementPolicy(_ org: String, _ name: String) throws -> Bool { try managementPolicy(org, name) != nil }
    /// The stored secret of one agreement bot.
    package func agbotTokenHash(_ org: String, _ id: String) throws -> String? { try agbot(org, id)?.tokenHash }
}
