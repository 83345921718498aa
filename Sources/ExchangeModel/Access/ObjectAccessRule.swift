/// Who may see and write CSS objects. Source: contract 2.1; the rights of an agreement bot outside of IBM end with its org (deviation).
package enum ObjectAccessRule {
    /// The type whose objects are manifests.
    package static let manifestType = "agent_upgrade_manifests"

    /// Whether the caller sees every object of the org, so that a missing one may be called missing.
    package static func seesAll(of org: String, caller: Caller) -> Bool {
        switch caller.role {
        case .root, .hubAdmin: true
        case .agbot: caller.org == org || caller.org == "IBM"
        case .orgAdmin, .user: caller.org == org
        case .node: false
        }
    }

    /// Whether the caller may read this object.
    package static func mayRead(org: String, type: String, isPublic: Bool, caller: Caller) -> Bool {
        if isPublic || seesAll(of: org, caller: caller) { return true }
        return caller.role == .node && caller.org == org && type == manifestType
    }

    /// Whether the caller may make, change or delete objects of this type.
    package static func mayWrite(org: String, type: String, caller: Caller) -> Bool {
        switch caller.role {
        case .root, .hubAdmin: true
        case .agbot: caller.org == org || caller.org == "IBM"
        case .orgAdmin: caller.org == org
        case .user: caller.org == org && type != manifestType
        case .node: false
        }
    }
}
