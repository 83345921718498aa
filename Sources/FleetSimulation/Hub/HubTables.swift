import ExchangeModel
import UpgradeModel
import UpgradePorts

/// What the simulated hub holds. Source: contract 1 and 2.
struct HubTables: Sendable {
    /// A package or manifest.
    struct Object: Sendable {
        var record: ObjectRecord
        /// nil: the metadata is there, the bytes are not.
        var data: [UInt8]?
        /// Bytes that it stands for on the wire.
        var wireBytes: Int64
        /// Differs when the bytes are others.
        var etag: String
    }

    /// A row of the change table.
    struct Change: Sendable {
        let number: Int64
        let resource: String
    }

    /// What belongs to one node.
    struct Node: Sendable {
        static let none = Node()

        var group: String?
        var policy = NodePolicy()
        var statuses: [PolicyID: Status?] = [:]
        var versions: [Component: String] = [:]
        /// Since the run's beginning.
        var lastSeen: Duration?
        /// Changes that it alone sees, ascending.
        var changes: [Change] = []
    }

    /// By the number of the machine.
    var nodes: [Node] = []
    /// Numbers of machines by name.
    private(set) var numbers: [String: Int] = [:]
    /// Sorted by name.
    var policies: [NodeManagementPolicy] = []
    var versions = PerComponent<[String]>(software: [], configuration: [], certificate: [])
    /// By org, type and id with slashes between.
    var objects: [String: Object] = [:]
    /// By group.
    var turns: [String: Turn] = [:]
    /// Changes that every node sees, ascending.
    var changes: [Change] = []
    var newestChange: Int64 = 0

    /// A machine is registered.
    /// - Returns: its number.
    mutating func add(_ row: Node, named name: String) -> Int {
        numbers[name] = nodes.count
        nodes.append(row)
        return nodes.count - 1
    }

    mutating func note(_ resource: String) {
        newestChange += 1
        changes.append(Change(number: newestChange, resource: resource))
    }

    /// A change that one node alone sees. Nodes ask for what is newer than what they have seen; a few rows are as good as all.
    mutating func note(_ resource: String, for row: inout Node) {
        newestChange += 1
        row.changes.append(Change(number: newestChange, resource: resource))
        if row.changes.count > 64 { row.changes.removeFirst(32) }
    }

    /// What a node learns that has seen everything below a number.
    func page(_ row: Node, from number: Int64) -> ChangePage {
        guard number <= newestChange else { return ChangePage(resources: [], next: newestChange + 1, hasMore: false) }
        let news = changes.reversed().prefix { $0.number >= number } + row.changes.reversed().prefix { $0.number >= number }
        return ChangePage(resources: Set(news.map(\.resource)), next: newestChange + 1, hasMore: false)
    }
}
