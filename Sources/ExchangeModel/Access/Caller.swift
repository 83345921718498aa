/// Who asks, after the credentials were believed. Source: contract 1.1.
package struct Caller: Hashable, Sendable {
    /// What the caller may be.
    package enum Role: Hashable, Sendable, CaseIterable {
        /// `root/root`: everything.
        case root
        /// Administers orgs and users of the hub, but no nodes and no policies.
        case hubAdmin
        /// A user who administers the own org.
        case orgAdmin
        /// A user.
        case user
        /// A node.
        case node
        /// An agreement bot; one of org `IBM` sees every org.
        case agbot
    }

    /// Org of the identity.
    package var org: String
    /// Bare id of the identity.
    package var id: String
    /// What it is.
    package var role: Role

    /// An identity.
    package init(org: String, id: String, role: Role) {
        self.org = org
        self.id = id
        self.role = role
    }

    /// `org/id`, as documents name an owner.
    package var name: String { "\(org)/\(id)" }

    /// The superuser.
    package static let root = Caller(org: "root", id: "root", role: .root)
}
