import ExchangeModel
import UpgradeModel
import UpgradeWire

/// A copy of the tables inside one read or write.
final class SimHubSession: HubWriting {
    var tables: SimHubTables

    init(_ tables: SimHubTables) { self.tables = tables }

    /// There is no disk.
    func probe() {}

    func fleetRecord() -> FleetRecord { tables.fleet }

    func keepFleet(_ record: FleetRecord) {
        let changes = (tables.fleet.changes + record.changes).suffix(FleetHistory.changesMax)
        tables.fleet = FleetRecord(changes: changes, states: record.states(after: tables.fleet.states))
    }

    /// Refuses what would belong to an org that is not there.
    func requireOrg(_ name: String) throws {
        if tables.orgs[SimHubKey(name)] == nil { throw SimHubError.missing("org \(name)") }
    }

    /// Refuses what would belong to a node that is not there.
    func requireNode(_ key: SimHubKey) throws {
        if tables.nodes[key] == nil { throw SimHubError.missing("node \(key.org)/\(key.name)") }
    }

    /// The rows of an org, by name.
    func rows<Row, Shown>(_ table: [SimHubKey: Row], in org: String, _ show: (SimHubKey, Row) -> Shown) -> [String: Shown] {
        var shown: [String: Shown] = [:]
        for (key, row) in table where key.isIn(org) { shown[key.name] = show(key, row) }
        return shown
    }
}

// MARK: Orgs, users, agreement bots, versions

extension SimHubSession {
    func org(_ name: String) -> OrgDocument? { tables.orgs[SimHubKey(name)] }

    func orgs() -> [String: OrgDocument] {
        var orgs: [String: OrgDocument] = [:]
        for (key, org) in tables.orgs { orgs[key.org] = org }
        return orgs
    }

    func putOrg(_ name: String, _ org: OrgDocument) { tables.orgs[SimHubKey(name)] = org }

    func deleteOrg(_ name: String) -> Bool {
        defer { tables.removeOrg(name) }
        return tables.orgs[SimHubKey(name)] != nil
    }

    func user(_ org: String, _ id: String) -> HubUser? { tables.users[SimHubKey(org, id)] }

    func users(_ org: String) -> [String: UserDocument] { rows(tables.users, in: org) { $1.document } }

    func putUser(_ org: String, _ id: String, _ user: HubUser) throws {
        try requireOrg(org)
        tables.users[SimHubKey(org, id)] = user
    }

    func deleteUser(_ org: String, _ id: String) -> Bool {
        let owner = SimHubKey("\(org)/\(id)")
        for (key, node) in tables.nodes where SimHubKey(node.document.owner) == owner { tables.removeNode(key) }
        tables.agbots = tables.agbots.filter { SimHubKey($0.value.document.owner) != owner }
        return tables.users.removeValue(forKey: SimHubKey(org, id)) != nil
    }

    func agbot(_ org: String, _ id: String) -> HubAgbot? { tables.agbots[SimHubKey(org, id)] }

    func putAgbot(_ org: String, _ id: String, _ agbot: HubAgbot) throws {
        try requireOrg(org)
        tables.agbots[SimHubKey(org, id)] = agbot
    }

    func deleteAgbot(_ org: String, _ id: String) -> Bool { tables.agbots.removeValue(forKey: SimHubKey(org, id)) != nil }

    func touchAgbot(_ org: String, _ id: String, at time: UTCInstant) -> Bool {
        tables.agbots[SimHubKey(org, id)]?.document.lastHeartbeat = time.rfc3339(fractionDigits: 6)
        return tables.agbots[SimHubKey(org, id)] != nil
    }

    func agentFileVersion() -> AgentFileVersionDocument? { tables.versions }

    func putAgentFileVersion(_ versions: AgentFileVersionDocument) { tables.versions = versions }

    func deleteAgentFileVersion() -> Bool {
        defer { tables.versions = nil }
        return tables.versions != nil
    }

    func counts(org: String?) -> HubCounts {
        func count<Row>(_ table: [SimHubKey: Row], where isWanted: (Row) -> Bool = { _ in true }) -> Int {
            table.count { key, row in org.map(key.isIn) != false && isWanted(row) }
        }
        return HubCounts(
            orgs: tables.orgs.count, users: count(tables.users), nodes: count(tables.nodes),
            registeredNodes: count(tables.nodes) { !$0.document.publicKey.isEmpty }, agbots: count(tables.agbots))
    }
}
