/// Which rows of the change table a caller sees. Source: contract 1.6.
package enum ChangeScope: Hashable, Sendable {
    /// A node: its own rows of category `node`, and those of the other categories; own org or public.
    case node(org: String, id: String)
    /// Everybody else with one org: its rows, and public ones.
    case org(String)
    /// Several orgs and public rows, as an agbot asks for.
    case orgs([String])
    /// Every row.
    case everything

    /// The scope of a caller that polls this org. An agbot of IBM may name more; `*` in its list means all.
    package static func of(_ caller: Caller, org: String, orgList: [String]?) -> ChangeScope {
        switch caller.role {
        case .node: return .node(org: caller.org, id: caller.id)
        case .root, .hubAdmin, .orgAdmin, .user: return .org(org)
        case .agbot:
            guard caller.org == "IBM", let orgList else { return .org(org) }
            return orgList.contains("*") ? .everything : .orgs(orgList)
        }
    }
}
