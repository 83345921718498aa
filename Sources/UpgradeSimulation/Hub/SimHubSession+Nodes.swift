import ExchangeModel
import UpgradeModel
import UpgradeWire

extension SimHubSession {
    func node(_ org: String, _ id: String) -> HubNode? {
        let key = SimHubKey(org, id)
        return tables.nodes[key].map { HubNode(document: shown(key, $0), tokenHash: $0.tokenHash) }
    }

    func nodes(_ org: String, owner: String?) -> [String: NodeDocument] {
        rows(tables.nodes, in: org, shown).filter { owner == nil || $0.value.owner == owner }
    }

    private func shown(_ key: SimHubKey, _ node: HubNode) -> NodeDocument {
        var document = node.document
        document.haGroup = tables.groupOfNode[key]
        return document
    }

    func nodeCount(owner: String) -> Int { tables.nodes.values.count { SimHubKey($0.document.owner) == SimHubKey(owner) } }

    func putNode(_ org: String, _ id: String, _ node: HubNode) throws {
        try requireOrg(org)
        tables.nodes[SimHubKey(org, id)] = node
    }

    func deleteNode(_ org: String, _ id: String) -> Bool {
        let key = SimHubKey(org, id)
        defer { tables.removeNode(key) }
        return tables.nodes[key] != nil
    }

    func touchNode(_ org: String, _ id: String, at time: UTCInstant) -> Bool {
        tables.nodes[SimHubKey(org, id)]?.document.lastHeartbeat = time.rfc3339(fractionDigits: 6)
        return tables.nodes[SimHubKey(org, id)] != nil
    }

    func nodePolicy(_ org: String, _ node: String) -> NodePolicyDocument? { tables.nodePolicies[SimHubKey(org, node)] }

    func putNodePolicy(_ org: String, _ node: String, _ policy: NodePolicyDocument) throws {
        try requireNode(SimHubKey(org, node))
        tables.nodePolicies[SimHubKey(org, node)] = policy
    }

    func deleteNodePolicy(_ org: String, _ node: String) -> Bool { tables.nodePolicies.removeValue(forKey: SimHubKey(org, node)) != nil }

    func nodeStatus(_ org: String, _ node: String) -> NodeStatusDocument? { tables.nodeStatuses[SimHubKey(org, node)] }

    func putNodeStatus(_ org: String, _ node: String, _ status: NodeStatusDocument) throws {
        try requireNode(SimHubKey(org, node))
        tables.nodeStatuses[SimHubKey(org, node)] = status
    }

    func deleteNodeStatus(_ org: String, _ node: String) -> Bool { tables.nodeStatuses.removeValue(forKey: SimHubKey(org, node)) != nil }

    func nodeErrors(_ org: String, _ node: String) -> NodeErrorsDocument? { tables.nodeErrors[SimHubKey(org, node)] }

    func putNodeErrors(_ org: String, _ node: String, _ errors: NodeErrorsDocument) throws {
        try requireNode(SimHubKey(org, node))
        tables.nodeErrors[SimHubKey(org, node)] = errors
    }

    func deleteNodeErrors(_ org: String, _ node: String) -> Bool { tables.nodeErrors.removeValue(forKey: SimHubKey(org, node)) != nil }
}

// MARK: Groups and turns

extension SimHubSession {
    func nodeGroupNames(_ org: String) -> [String] { tables.groups.keys.filter { $0.isIn(org) }.sorted().map(\.name) }

    func nodeGroup(_ org: String, _ name: String) -> HubNodeGroup? { tables.groups[SimHubKey(org, name)] }

    func nodeGroupMembers(_ org: String, _ name: String) -> [String] {
        tables.groupOfNode.filter { SimHubKey($0.key.org, $0.value) == SimHubKey(org, name) }.keys.sorted().map(\.name)
    }

    func putNodeGroup(_ org: String, _ name: String, _ group: HubNodeGroup, members: [String]) throws {
        try requireOrg(org)
        let key = SimHubKey(org, name)
        let (known, wanted) = (Set(nodeGroupMembers(org, name).map { SimHubKey(org, $0) }), Set(members.map { SimHubKey(org, $0) }))
        for node in wanted.subtracting(known) {
            try requireNode(node)
            if tables.groupOfNode[node] != nil { throw SimHubError.memberElsewhere(node.name) }
        }
        tables.groups[key] = group
        for node in known.subtracting(wanted) { tables.groupOfNode[node] = nil }
        for node in wanted { tables.groupOfNode[node] = name }
        if let turn = tables.turns[key], !wanted.contains(SimHubKey(org, turn.node)) { tables.turns[key] = nil }
    }

    func deleteNodeGroup(_ org: String, _ name: String) -> Bool {
        let key = SimHubKey(org, name)
        defer { tables.removeGroup(key) }
        return tables.groups[key] != nil
    }

    func turn(_ org: String, _ group: String) -> Turn? { tables.turns[SimHubKey(org, group)] }

    func putTurn(_ org: String, _ group: String, _ turn: Turn) throws {
        let key = SimHubKey(org, group)
        if tables.groups[key] == nil { throw SimHubError.missing("group \(org)/\(group)") }
        try requireNode(SimHubKey(org, turn.node))
        tables.turns[key] = turn
    }

    func deleteTurn(_ org: String, _ group: String) -> Bool { tables.turns.removeValue(forKey: SimHubKey(org, group)) != nil }

    func endTurn(_ org: String, policy: String, node: String?) {
        tables.turns = tables.turns.filter { key, turn in
            !key.isIn(org) || SimHubKey(turn.policy) != SimHubKey(policy) || node.map { SimHubKey($0) != SimHubKey(turn.node) } == true
        }
    }
}
