import ExchangeModel
import UpgradeModel
import UpgradeWire

/// Rows that the tests write.
enum HubSamples {
    static let time = UTCInstant(secondsSinceEpoch: 1_800_000_000, nanoseconds: 123_456_000)

    private static var figures: MachineFigures {
        var figures = MachineFigures()
        (figures.load, figures.memoryBytes, figures.availableMemoryBytes) = ([0.5, 1, 2], 4_000, 1_000)
        return figures
    }

    static let health = NodeHealthDocument(
        ping: PingDocument(node: "o/n", time: "t", version: "1.0.0"), versions: ["software": "1.0.0"],
        machine: .init(figures, freeDiskBytes: 99),
        work: .init(uptimeSeconds: 10, fetchedBytes: 100, transactions: 20, polls: 3, failedPolls: 1), outbox: 2, undeliverable: 1,
        lastGoodContact: "t", trouble: nil, held: nil, isOnTrial: false, jobs: [])

    static func status(_ word: String) -> ManagementStatusDocument {
        ManagementStatusDocument(
            agentUpgradePolicyStatus: .init(scheduledTime: "2027-01-01T00:00:00Z", status: word, lastUpdated: "2027-01-01T00:00:01Z"))
    }

    static func object(_ org: String, _ type: String, _ id: String, file: String? = nil) -> HubObject {
        HubObject(
            metadata: ObjectMetadataDocument(objectID: id, objectType: type, destinationOrgID: org), status: .ready, dataFile: file,
            entityTag: "\"1\"")
    }
}

extension HubWriting {
    func addOrg(_ name: String) throws { try putOrg(name, OrgDocument(label: name, lastUpdated: "2027-01-01T00:00:00Z")) }

    func addUser(_ org: String, _ id: String, email: String = "e") throws {
        try putUser(org, id, HubUser(document: UserDocument(password: "*", email: email), passwordHash: "hash of \(id)"))
    }

    func addNode(_ org: String, _ id: String, owner: String = "o/u", name: String = "name", key: String = "key") throws {
        try putNode(org, id, HubNode(document: NodeDocument(name: name, owner: owner, publicKey: key), tokenHash: "hash of \(id)"))
    }

    func addAgbot(_ org: String, _ id: String, owner: String = "o/u") throws {
        try putAgbot(org, id, HubAgbot(document: AgbotDocument(name: id, owner: owner, lastHeartbeat: "never"), tokenHash: "hash of \(id)"))
    }

    func addPolicy(_ org: String, _ name: String, owner: String = "o/u") throws {
        try putManagementPolicy(org, name, NodeManagementPolicyDocument(label: name, owner: owner))
    }

    /// Everything that can belong to a node.
    func addReports(_ org: String, _ node: String, policy: String) throws {
        try putNodePolicy(org, node, NodePolicyDocument(label: node))
        try putNodeStatus(org, node, NodeStatusDocument(runningServices: "|\(node)|", lastUpdated: "t"))
        try putNodeErrors(org, node, NodeErrorsDocument(errors: [.string(node)], lastUpdated: "t"))
        try putManagementStatus(org, node, policy: policy, HubSamples.status("waiting"))
        try appendStatusHistory(org, node, policy: policy, received: "t", body: ["status": "waiting"], keep: 10)
    }

    /// A record that expires so many seconds after the samples' time.
    func addOperation(_ node: HubNodePlace?, _ id: String, isOpen: Bool = false, _ seconds: Int) throws {
        let operation = Operation(id: id, .poll, begun: HubSamples.time, isOpen ? .running : .completed, "\(seconds)")
        try putOperation(
            HubOperation(
                node: node, document: OperationDocument(operation, node: nil), expires: HubSamples.time.adding(.seconds(Int64(seconds)))))
    }

    func addHealth(_ org: String, _ node: String, received: String) throws {
        try putNodeHealth(org, node, ReportedHealthDocument(received: received, health: HubSamples.health))
    }

    /// A group whose first member has the turn for policy `p`.
    func addGroup(_ org: String, _ name: String, _ members: [String]) throws {
        try putNodeGroup(org, name, HubNodeGroup(description: name, admin: true, lastUpdated: "t"), members: members)
        guard let node = members.first else { return }
        try putTurn(org, name, Turn(node: node, policy: "p", granted: HubSamples.time, renewed: HubSamples.time))
    }

    /// Orgs that are alike: user `u` with nodes `n` and `m`, agreement bot `b`, policies `p` and `q`, group `g`, object `t/i`.
    func addEverything(in orgs: [String] = ["o", "x"]) throws {
        for org in orgs {
            try addOrg(org)
            try addUser(org, "u")
            try addAgbot(org, "b", owner: "\(org)/u")
            try addPolicy(org, "p", owner: "\(org)/u")
            try addPolicy(org, "q")
            for node in ["n", "m"] {
                try addNode(org, node, owner: "\(org)/u")
                for policy in ["p", "q"] { try addReports(org, node, policy: policy) }
            }
            try addGroup(org, "g", ["n", "m"])
            try putObject(HubSamples.object(org, "t", "i", file: "file of \(org)"))
            try appendChange(.org(org, .created), at: HubSamples.time)
        }
    }
}
