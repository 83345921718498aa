import ExchangeModel
import FoundationEssentials
import UpgradeModel
import UpgradeWire

extension SimHubSession {
    func managementPolicy(_ org: String, _ name: String) -> NodeManagementPolicyDocument? { tables.policies[SimHubKey(org, name)] }

    func managementPolicies(_ org: String) -> [String: NodeManagementPolicyDocument] { rows(tables.policies, in: org) { $1 } }

    func managementPolicyCount(owner: String) -> Int { tables.policies.values.count { SimHubKey($0.owner ?? "") == SimHubKey(owner) } }

    func putManagementPolicy(_ org: String, _ name: String, _ policy: NodeManagementPolicyDocument) throws {
        try requireOrg(org)
        tables.policies[SimHubKey(org, name)] = policy
    }

    func deleteManagementPolicy(_ org: String, _ name: String) -> Bool {
        tables.statuses = tables.statuses.filter { SimHubKey($0.key.org, $0.key.part) != SimHubKey(org, name) }
        return tables.policies.removeValue(forKey: SimHubKey(org, name)) != nil
    }

    func managementStatuses(_ org: String, _ node: String, policy: String?) -> [String: ManagementStatusDocument] {
        var shown: [String: ManagementStatusDocument] = [:]
        for (key, status) in tables.statuses where key.begins(with: SimHubKey(org, node)) {
            if let policy, SimHubKey(policy) != SimHubKey(key.part) { continue }
            let inner = status.agentUpgradePolicyStatus
            shown[key.part] = ManagementStatusRule.shown(inner, lastUpdated: inner.lastUpdated ?? "")
        }
        return shown
    }

    func putManagementStatus(_ org: String, _ node: String, policy: String, _ status: ManagementStatusDocument) throws {
        try requireNode(SimHubKey(org, node))
        if tables.policies[SimHubKey(org, policy)] == nil { throw SimHubError.missing("policy \(org)/\(policy)") }
        tables.statuses[SimHubKey(org, node, policy)] = status
    }

    func deleteManagementStatus(_ org: String, _ node: String, policy: String) -> Bool {
        tables.statuses.removeValue(forKey: SimHubKey(org, node, policy)) != nil
    }

    func statusRows(_ org: String, _ filter: HubStatusFilter, limit: Int) throws -> [HubStatusRow] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let wanted = tables.statuses.filter { $0.key.isIn(org) && passes(filter, $0.key, $0.value) }.sorted { $0.key < $1.key }
        return try wanted.prefix(limit).map { key, status in
            HubStatusRow(node: key.name, policy: key.part, json: String(decoding: try encoder.encode(status), as: UTF8.self))
        }
    }

    private func passes(_ filter: HubStatusFilter, _ key: SimHubKey, _ status: ManagementStatusDocument) -> Bool {
        if let policy = filter.policy, SimHubKey(policy) != SimHubKey(key.part) { return false }
        if let word = filter.word, status.agentUpgradePolicyStatus.status != word { return false }
        if let owner = filter.owner, tables.nodes[SimHubKey(key.org, key.name)]?.document.owner != owner { return false }
        guard let after = filter.after else { return true }
        return SimHubKey(key.org, after.node, after.policy) < key
    }

    func statusHistory(_ org: String, _ node: String) -> [StatusHistoryEntryDocument] { tables.history[SimHubKey(org, node)] ?? [] }

    func appendStatusHistory(_ org: String, _ node: String, policy: String, received: String, body: JSONValue, keep: Int64) throws {
        let key = SimHubKey(org, node)
        try requireNode(key)
        let number = (tables.history[key]?.last?.number ?? 0) + 1
        let entry = StatusHistoryEntryDocument(number: number, policy: "\(org)/\(policy)", received: received, body: body)
        tables.history[key, default: []].append(entry)
        tables.history[key]?.removeAll { $0.number <= number - keep }
    }
}
