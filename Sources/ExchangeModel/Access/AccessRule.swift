/// Who may do what at the exchange: the table in contract 1.1. An agreement bot may do more than its maker, so an administrator makes it,
/// and outside of IBM its rights end with its org (deviation).
package enum AccessRule {
    /// Passes, or refuses with 403 and the wording of the real exchange.
    package static func require(_ permission: Permission, of caller: Caller) throws(Refusal) {
        if allows(permission, to: caller) { return }
        throw .accessDenied("Access denied: '\(caller.name)' does not have authorization: \(permission.wording)")
    }

    /// Whether the caller may. Root always may.
    package static func allows(_ permission: Permission, to caller: Caller) -> Bool {
        if caller.role == .root { return true }
        switch permission {
        case .readNode(let org, let id, let owner):
            return owns(caller, org, id, owner) || isAgbot(caller, of: org)
        case .writeNode(let org, let id, let owner):
            return owns(caller, org, id, owner)
        case .listNodes(let org):
            return isUser(caller, of: org) || isAgbot(caller, of: org)
        case .readManagementPolicies(let org):
            return caller.role == .agbot ? isAgbot(caller, of: org) : caller.role != .hubAdmin && caller.org == org
        case .writeManagementPolicies(let org):
            return administers(caller, org)
        case .readNodeGroups(let org):
            return caller.role == .agbot ? isAgbot(caller, of: org) : caller.role != .hubAdmin && caller.org == org
        case .writeNodeGroups(let org):
            return isUser(caller, of: org)
        case .readAgbot(let org):
            return caller.role == .agbot ? isAgbot(caller, of: org) : caller.role != .hubAdmin && caller.org == org
        case .writeAgbot(let org, let id):
            return caller == Caller(org: org, id: id, role: .agbot) || administers(caller, org)
        case .readAgentFileVersion:
            return true
        case .writeAgentFileVersion:
            return caller.role == .hubAdmin || isAgbot(caller, of: "IBM") || administers(caller, "IBM")
        case .readChanges(let org):
            return caller.role == .hubAdmin || isAgbot(caller, of: org) || caller.org == org
        case .readMaxChangeID:
            return caller.role == .node || caller.role == .orgAdmin || caller.role == .agbot
        case .readHubStatus:
            return caller.role == .user || caller.role == .orgAdmin || caller.role == .hubAdmin
        case .readFleetReport:
            return caller.role == .orgAdmin || caller.role == .hubAdmin
        case .readOrg(let org):
            return caller.role == .hubAdmin || isAgbot(caller, of: org) || caller.org == org
        case .writeOrg(let org):
            return caller.role == .hubAdmin || administers(caller, org)
        case .manageOrgs:
            return caller.role == .hubAdmin
        case .readUser(let org, let id):
            return managesUsers(caller, of: org) || isUser(caller, of: org, named: id)
        case .writeUser(let org, let id, let isHubAdmin):
            return isUser(caller, of: org, named: id) || (managesUsers(caller, of: org) && !isHubAdmin)
        case .deleteUser(let org, _, let isHubAdmin):
            return managesUsers(caller, of: org) && !isHubAdmin
        case .manageUsers(let org):
            return managesUsers(caller, of: org)
        case .makeHubAdmin:
            return false
        }
    }

    /// A node owns itself, a user the nodes that it made, an org admin all of its org. An unknown owner is the caller.
    private static func owns(_ caller: Caller, _ org: String, _ id: String, _ owner: String?) -> Bool {
        guard caller.org == org else { return false }
        switch caller.role {
        case .node: return caller.id == id
        case .user: return owner == nil || owner == caller.name
        case .orgAdmin, .root: return true
        case .hubAdmin, .agbot: return false
        }
    }

    private static func isUser(_ caller: Caller, of org: String) -> Bool {
        caller.org == org && (caller.role == .user || caller.role == .orgAdmin)
    }

    /// Whether the caller is this very user, whatever else it administers.
    private static func isUser(_ caller: Caller, of org: String, named id: String) -> Bool {
        guard caller.org == org, caller.id == id else { return false }
        switch caller.role {
        case .user, .orgAdmin, .hubAdmin, .root: return true
        case .node, .agbot: return false
        }
    }

    private static func isAgbot(_ caller: Caller, of org: String) -> Bool {
        caller.role == .agbot && (caller.org == org || caller.org == "IBM")
    }

    /// `root/root` is nobody's to change but its own.
    private static func managesUsers(_ caller: Caller, of org: String) -> Bool {
        guard org != "root" else { return false }
        return caller.role == .hubAdmin || administers(caller, org)
    }

    private static func administers(_ caller: Caller, _ org: String) -> Bool {
        caller.role == .orgAdmin && caller.org == org
    }
}
