import UpgradeModel
import UpgradeWire

/// What can be changed inside a transaction. Every `delete` says whether there was something.
package protocol HubWriting: HubReading {
    /// Makes or replaces an org.
    func putOrg(_ name: String, _ org: OrgDocument) throws
    /// Deletes an org with everything in it.
    func deleteOrg(_ name: String) throws -> Bool

    /// Makes or replaces a user. The org exists.
    func putUser(_ org: String, _ id: String, _ user: HubUser) throws
    /// Deletes a user with the nodes and agreement bots that it owns.
    func deleteUser(_ org: String, _ id: String) throws -> Bool

    /// Makes or replaces a node; its policy, statuses and history stay. The org exists.
    func putNode(_ org: String, _ id: String, _ node: HubNode) throws
    /// Deletes a node with all that belongs to it.
    func deleteNode(_ org: String, _ id: String) throws -> Bool
    /// Notes a sign of life; says whether the node exists.
    func touchNode(_ org: String, _ id: String, at time: UTCInstant) throws -> Bool
    /// Makes or replaces a node's policy. The node exists.
    func putNodePolicy(_ org: String, _ node: String, _ policy: NodePolicyDocument) throws
    /// Deletes a node's policy.
    func deleteNodePolicy(_ org: String, _ node: String) throws -> Bool

    /// Makes or replaces a management policy. The org exists.
    func putManagementPolicy(_ org: String, _ name: String, _ policy: NodeManagementPolicyDocument) throws
    /// Deletes a management policy with its statuses on all nodes; the history stays.
    func deleteManagementPolicy(_ org: String, _ name: String) throws -> Bool

    /// Makes or replaces a status. Node and policy exist.
    func putManagementStatus(_ org: String, _ node: String, policy: String, _ status: ManagementStatusDocument) throws
    /// Deletes a status.
    func deleteManagementStatus(_ org: String, _ node: String, policy: String) throws -> Bool
    /// Appends to the node's history and forgets what is beyond the newest `keep` rows.
    func appendStatusHistory(_ org: String, _ node: String, policy: String, received: String, body: JSONValue, keep: Int64) throws

    /// Makes or replaces a high-availability group and its members; the turn of a member that leaves ends. The nodes exist and are in no
    /// other group.
    func putNodeGroup(_ org: String, _ name: String, _ group: HubNodeGroup, members: [String]) throws
    /// Deletes a group with its turn.
    func deleteNodeGroup(_ org: String, _ name: String) throws -> Bool
    /// Gives the turn of a group. The group and the node exist.
    func putTurn(_ org: String, _ group: String, _ turn: Turn) throws
    /// Takes the turn of a group away.
    func deleteTurn(_ org: String, _ group: String) throws -> Bool
    /// Ends the turns that are for a policy, on one node or (nil) on every one.
    func endTurn(_ org: String, policy: String, node: String?) throws

    /// Sets the agent file versions.
    func putAgentFileVersion(_ versions: AgentFileVersionDocument) throws
    /// Takes them away.
    func deleteAgentFileVersion() throws -> Bool

    /// Appends to the change table, and now and then forgets rows that are too old. Numbers grow in the order in which changes become
    /// visible, so that who has read up to one never misses a lower one.
    func appendChange(_ change: ChangeRecord, at time: UTCInstant) throws

    /// Makes or replaces an object.
    func putObject(_ object: HubObject) throws
    /// Deletes an object.
    func deleteObject(_ org: String, _ type: String, _ id: String) throws -> Bool

    /// Makes or replaces an agreement bot. The org exists.
    func putAgbot(_ org: String, _ id: String, _ agbot: HubAgbot) throws
    /// Deletes an agreement bot.
    func deleteAgbot(_ org: String, _ id: String) throws -> Bool
    /// Notes a sign of life; says whether the agreement bot exists.
    func touchAgbot(_ org: String, _ id: String, at time: UTCInstant) throws -> Bool

    /// Makes or replaces what a node says about its services. The node exists.
    func putNodeStatus(_ org: String, _ node: String, _ status: NodeStatusDocument) throws
    /// Deletes it.
    func deleteNodeStatus(_ org: String, _ node: String) throws -> Bool
    /// Makes or replaces what a node says about its errors. The node exists.
    func putNodeErrors(_ org: String, _ node: String, _ errors: NodeErrorsDocument) throws
    /// Deletes it.
    func deleteNodeErrors(_ org: String, _ node: String) throws -> Bool

    /// Replaces what a node said of how it is. The node exists.
    func putNodeHealth(_ org: String, _ node: String, _ health: ReportedHealthDocument) throws
    /// Writes a record of operation status over the one with its id of the same node (nil = the hub). The node exists.
    func putOperation(_ operation: HubOperation) throws
    /// Removes the oldest records of a node (nil = the hub), of one activity or (nil) of all, until so many are left; what has not ended
    /// goes last.
    func trimOperations(of node: HubNodePlace?, activity: String?, to rowsMax: Int) throws
    /// Forgets all that a node told of itself.
    func forgetSelfReports(_ org: String, _ node: String) throws
    /// Removes ended records that expired by `now`, at most `batch`; how many. Less than `batch` = nothing is left to remove.
    func purgeOperations(at now: UTCInstant, batch: Int) throws -> Int
    /// Adds the changes, forgets the oldest beyond `FleetHistory.changesMax`, and keeps the states that follow (`FleetRecord.states`).
    func keepFleet(_ record: FleetRecord) throws

    /// Writes something that no other row depends on, each time something else, to see whether the disk takes it.
    func probe() throws
}
