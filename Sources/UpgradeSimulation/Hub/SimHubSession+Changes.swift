import ExchangeModel
import UpgradeModel
import UpgradeWire

extension SimHubSession {
    func changes(from start: ChangeWindowRule.Start, scope: ChangeScope, limit: Int) -> [ChangeRow] {
        let wanted = tables.changes.lazy.filter { change in
            let isBehind =
                switch start {
                case .number(let number): change.number >= number
                case .time(let time): change.time >= time
                case .oldest: true
                }
            return isBehind && self.isSeen(change.record, scope)
        }
        return wanted.prefix(max(0, limit)).map { change in
            ChangeRow(
                number: change.number, time: change.time, org: change.record.org, id: change.record.id,
                resource: change.record.resource, operation: change.record.operation.rawValue)
        }
    }

    private func isSeen(_ change: ChangeRecord, _ scope: ChangeScope) -> Bool {
        let key = SimHubKey(change.org)
        switch scope {
        case .everything: return true
        case .org(let org): return change.isPublic || key == SimHubKey(org)
        case .orgs(let orgs): return change.isPublic || orgs.contains { key == SimHubKey($0) }
        case .node(let org, let id):
            return switch change.category {
            case .managementPolicy, .org: change.isPublic || key == SimHubKey(org)
            case .node: SimHubKey(change.org, change.id) == SimHubKey(org, id)
            case .nodeGroup, .agbot: false
            }
        }
    }

    func newestChange() -> Int64 { tables.newestChange }

    func appendChange(_ change: ChangeRecord, at time: UTCInstant) {
        tables.newestChange += 1
        tables.changes.append(.init(number: tables.newestChange, time: time, record: change))
        let overdue = time.adding(.zero - ChangeWindowRule.keep - ChangeWindowRule.cleanEvery)
        guard tables.changes.contains(where: { $0.time < overdue }) else { return }
        let oldest = time.adding(.zero - ChangeWindowRule.keep)
        tables.changes.removeAll { $0.time < oldest }
    }
}

// MARK: Objects

extension SimHubSession {
    func object(_ org: String, _ type: String, _ id: String) -> HubObject? { tables.objects[SimHubKey(org, type, id)] }

    func objects(_ org: String) -> [HubObject] {
        tables.objects.filter { $0.key.isIn(org) }.sorted { $0.key < $1.key }.map(\.value)
    }

    func dataFiles() -> Set<String> { Set(tables.objects.values.compactMap(\.dataFile)) }

    func putObject(_ object: HubObject) throws {
        let metadata = object.metadata
        try requireOrg(metadata.destinationOrgID)
        tables.objects[SimHubKey(metadata.destinationOrgID, metadata.objectType, metadata.objectID)] = object
    }

    func deleteObject(_ org: String, _ type: String, _ id: String) -> Bool {
        tables.objects.removeValue(forKey: SimHubKey(org, type, id)) != nil
    }
}
