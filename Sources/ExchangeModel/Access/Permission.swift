/// One thing that somebody may want to do, with the target's facts that decide it. Source: the table of contract 1.1.
package enum Permission: Hashable, Sendable {
    /// See one node, its policy, its statuses and their history. A nil owner is not known and counts as the caller's.
    case readNode(org: String, id: String, owner: String?)
    /// Write one node and what belongs to it.
    case writeNode(org: String, id: String, owner: String?)
    /// Ask for the list of an org's nodes; what is in it is decided per node.
    case listNodes(org: String)
    /// See management policies.
    case readManagementPolicies(org: String)
    /// Write management policies.
    case writeManagementPolicies(org: String)
    /// See high-availability groups.
    case readNodeGroups(org: String)
    /// Write high-availability groups; the members must be the caller's beside that.
    case writeNodeGroups(org: String)
    /// See an agreement bot.
    case readAgbot(org: String)
    /// Write an agreement bot. A nil owner is not known and counts as the caller's.
    case writeAgbot(org: String, id: String)
    /// See which agent files there are.
    case readAgentFileVersion
    /// Say which agent files there are.
    case writeAgentFileVersion
    /// Poll for changes of an org.
    case readChanges(org: String)
    /// Ask for the newest change's id.
    case readMaxChangeID
    /// See the hub's counts.
    case readHubStatus
    /// See how the nodes are, of all orgs or of the own one.
    case readFleetReport
    /// See an org.
    case readOrg(org: String)
    /// Change an org.
    case writeOrg(org: String)
    /// Make or delete an org.
    case manageOrgs(org: String)
    /// See a user.
    case readUser(org: String, id: String)
    /// Change a user. One that administers the hub is its own and root's alone: whoever sets a password is that user.
    case writeUser(org: String, id: String, isHubAdmin: Bool)
    /// Delete a user.
    case deleteUser(org: String, id: String, isHubAdmin: Bool)
    /// Make a user, or list them.
    case manageUsers(org: String)
    /// Make a user an administrator of the hub.
    case makeHubAdmin

    /// The words that a refusal names: access and target.
    package var wording: String {
        switch self {
        case .readNode(let org, let id, _): "READ_ALL_NODES node=\(org)/\(id)"
        case .writeNode(let org, let id, _): "WRITE_ALL_NODES node=\(org)/\(id)"
        case .listNodes(let org): "READ_ALL_NODES node=\(org)/*"
        case .readManagementPolicies(let org): "READ_ALL_MANAGEMENT_POLICY managementpolicy=\(org)/*"
        case .writeManagementPolicies(let org): "WRITE_ALL_MANAGEMENT_POLICY managementpolicy=\(org)/*"
        case .readNodeGroups(let org): "READ_ALL_HA_GROUPS hagroup=\(org)/*"
        case .writeNodeGroups(let org): "WRITE_ALL_HA_GROUPS hagroup=\(org)/*"
        case .readAgbot(let org): "READ_ALL_AGBOTS agbot=\(org)/*"
        case .writeAgbot(let org, let id): "WRITE_ALL_AGBOTS agbot=\(org)/\(id)"
        case .readAgentFileVersion: "READ_AGENT_CONFIG_MGMT agentfileversion=IBM"
        case .writeAgentFileVersion: "WRITE_AGENT_CONFIG_MGMT agentfileversion=IBM"
        case .readChanges(let org): "READ_MY_ORG org=\(org)"
        case .readMaxChangeID: "MAXCHANGEID action="
        case .readHubStatus: "STATUS action="
        case .readFleetReport: "FLEET_REPORT action="
        case .readOrg(let org): "READ_ORG org=\(org)"
        case .writeOrg(let org): "WRITE_ORG org=\(org)"
        case .manageOrgs(let org): "CREATE_ORGS org=\(org)"
        case .readUser(let org, let id): "READ_ALL_USERS user=\(org)/\(id)"
        case .writeUser(let org, let id, _), .deleteUser(let org, let id, _): "WRITE_ALL_USERS user=\(org)/\(id)"
        case .manageUsers(let org): "WRITE_ALL_USERS user=\(org)/*"
        case .makeHubAdmin: "CREATE_SUPERUSER user=hubAdmin"
        }
    }
}
