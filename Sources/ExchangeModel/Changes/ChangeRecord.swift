import UpgradeModel

/// Something that was changed at the hub, as pollers will learn it. Source: contract 1.6.
package struct ChangeRecord: Hashable, Sendable {
    /// What a change is about, coarsely; a node sees `mgmtpolicy`, `service`, `org`, and `node` with its own id.
    package enum Category: String, Sendable {
        /// An org, also the agent file versions.
        case org
        /// A node and what belongs to it.
        case node
        /// A management policy.
        case managementPolicy = "mgmtpolicy"
        /// A high-availability group; nodes do not see it.
        case nodeGroup = "ha_group"
        /// An agreement bot; nodes do not see it.
        case agbot
    }

    /// What happened to it.
    package enum Operation: String, Sendable {
        /// It is new.
        case created
        /// It is another.
        case modified
        /// An upsert: new or another.
        case createdOrModified = "created/modified"
        /// It is gone.
        case deleted
    }

    /// Org of the changed thing.
    package var org: String
    /// Bare id of the changed thing.
    package var id: String
    /// What it is, coarsely.
    package var category: Category
    /// What it is, as pollers know it: `node`, `nodepolicies`, `mgmtpolicy`, `nodemgmtpolstatus`, `agentfileversion`, `org`.
    package var resource: String
    /// What happened.
    package var operation: Operation
    /// Whether other orgs see it.
    package var isPublic: Bool

    /// A change that only the own org sees, unless told otherwise.
    package init(org: String, id: String, category: Category, resource: String, operation: Operation, isPublic: Bool = false) {
        self.org = org
        self.id = id
        self.category = category
        self.resource = resource
        self.operation = operation
        self.isPublic = isPublic
    }

    /// A change of a node.
    package static func node(_ org: String, _ id: String, _ operation: Operation) -> ChangeRecord {
        ChangeRecord(org: org, id: id, category: .node, resource: "node", operation: operation)
    }

    /// A change of a node's policy.
    package static func nodePolicy(_ org: String, _ id: String, _ operation: Operation) -> ChangeRecord {
        ChangeRecord(org: org, id: id, category: .node, resource: "nodepolicies", operation: operation)
    }

    /// A change of a node's management status.
    package static func managementStatus(_ org: String, _ id: String, _ operation: Operation) -> ChangeRecord {
        ChangeRecord(org: org, id: id, category: .node, resource: "nodemgmtpolstatus", operation: operation)
    }

    /// A change of what a node says about its services.
    package static func nodeStatus(_ org: String, _ id: String, _ operation: Operation) -> ChangeRecord {
        ChangeRecord(org: org, id: id, category: .node, resource: "nodestatus", operation: operation)
    }

    /// A change of what a node says about its errors.
    package static func nodeErrors(_ org: String, _ id: String, _ operation: Operation) -> ChangeRecord {
        ChangeRecord(org: org, id: id, category: .node, resource: "nodeerrors", operation: operation)
    }

    /// A change of an agreement bot.
    package static func agbot(_ org: String, _ id: String, _ operation: Operation) -> ChangeRecord {
        ChangeRecord(org: org, id: id, category: .agbot, resource: "agbot", operation: operation)
    }

    /// A change of a management policy.
    package static func managementPolicy(_ org: String, _ id: String, _ operation: Operation) -> ChangeRecord {
        ChangeRecord(org: org, id: id, category: .managementPolicy, resource: "mgmtpolicy", operation: operation)
    }

    /// A change of a high-availability group.
    package static func nodeGroup(_ org: String, _ id: String, _ operation: Operation) -> ChangeRecord {
        ChangeRecord(org: org, id: id, category: .nodeGroup, resource: "ha_group", operation: operation)
    }

    /// A change of an org.
    package static func org(_ name: String, _ operation: Operation) -> ChangeRecord {
        ChangeRecord(org: name, id: name, category: .org, resource: "org", operation: operation)
    }

    /// A change of the agent file versions, which every org sees.
    package static let agentFileVersion = ChangeRecord(
        org: "IBM", id: "IBM", category: .org, resource: "agentfileversion", operation: .modified, isPublic: true)
}
