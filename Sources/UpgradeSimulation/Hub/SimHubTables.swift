import ExchangeModel
import UpgradeModel
import UpgradeWire

/// Everything that the hub keeps, as a value.
struct SimHubTables: Sendable {
    /// A row of the change table.
    struct Change: Sendable {
        var number: Int64
        var time: UTCInstant
        var record: ChangeRecord
    }

    var orgs: [SimHubKey: OrgDocument] = [:]
    var users: [SimHubKey: HubUser] = [:]
    var agbots: [SimHubKey: HubAgbot] = [:]
    var nodes: [SimHubKey: HubNode] = [:]
    var nodePolicies: [SimHubKey: NodePolicyDocument] = [:]
    var nodeStatuses: [SimHubKey: NodeStatusDocument] = [:]
    var nodeErrors: [SimHubKey: NodeErrorsDocument] = [:]
    var policies: [SimHubKey: NodeManagementPolicyDocument] = [:]
    /// By org, node and policy.
    var statuses: [SimHubKey: ManagementStatusDocument] = [:]
    var history: [SimHubKey: [StatusHistoryEntryDocument]] = [:]
    var groups: [SimHubKey: HubNodeGroup] = [:]
    /// The group of each node that is in one.
    var groupOfNode: [SimHubKey: String] = [:]
    /// By org and group.
    var turns: [SimHubKey: Turn] = [:]
    var versions: AgentFileVersionDocument?
    /// Ascending by number.
    var changes: [Change] = []
    var newestChange: Int64 = 0
    /// Ascending by number.
    var operations: [(row: HubOperationRow, operation: HubOperation)] = []
    var newestOperation: Int64 = 0
    var nodeHealth: [SimHubKey: ReportedHealthDocument] = [:]
    var fleet = FleetRecord()
    /// By org, type and id.
    var objects: [SimHubKey: HubObject] = [:]

    /// Takes everything away that lies below an org, and the org.
    mutating func removeOrg(_ name: String) {
        func keep<Value>(_ table: inout [SimHubKey: Value]) { table = table.filter { !$0.key.isIn(name) } }
        keep(&orgs)
        keep(&users)
        keep(&agbots)
        keep(&policies)
        keep(&groups)
        keep(&turns)
        keep(&objects)
        for key in nodes.keys where key.isIn(name) { removeNode(key) }
    }

    /// Takes a node away with all that belongs to it.
    mutating func removeNode(_ key: SimHubKey) {
        nodes[key] = nil
        nodePolicies[key] = nil
        nodeStatuses[key] = nil
        nodeErrors[key] = nil
        nodeHealth[key] = nil
        operations.removeAll { $0.operation.node.map { SimHubKey($0.org, $0.id) } == key }
        history[key] = nil
        groupOfNode[key] = nil
        statuses = statuses.filter { !$0.key.begins(with: key) }
        turns = turns.filter { !($0.key.isIn(key.org) && SimHubKey($0.value.node) == SimHubKey(key.name)) }
    }

    /// Takes a group away with its memberships and its turn.
    mutating func removeGroup(_ key: SimHubKey) {
        groups[key] = nil
        turns[key] = nil
        groupOfNode = groupOfNode.filter { SimHubKey($0.key.org, $0.value) != key }
    }
}

/// Names that lead to a row, told apart and ordered by their bytes as in a database. Swift's own texts are equal when they look alike.
struct SimHubKey: Hashable, Comparable, Sendable {
    /// An org, or the only name.
    let org: String
    /// What is in the org.
    let name: String
    /// What is below that.
    let part: String

    init(_ org: String, _ name: String = "", _ part: String = "") {
        self.org = org
        self.name = name
        self.part = part
    }

    private var bytes: [[UInt8]] { [Array(org.utf8), Array(name.utf8), Array(part.utf8)] }

    static func == (left: SimHubKey, right: SimHubKey) -> Bool { left.bytes == right.bytes }

    func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

    static func < (left: SimHubKey, right: SimHubKey) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes) { $0.lexicographicallyPrecedes($1) }
    }

    /// Whether it lies in the org.
    func isIn(_ org: String) -> Bool { SimHubKey(self.org) == SimHubKey(org) }

    /// Whether it lies below the row with the two names.
    func begins(with key: SimHubKey) -> Bool { SimHubKey(org, name) == key }
}
