import ExchangeModel
import Hummingbird
import UpgradeModel
import UpgradeWire

/// `orgs/{org}/nodes/{node}/managementStatus`, one status of it, and the history. Source: contract 1.4.
struct ManagementStatusRoutes: Sendable {
    /// How many accepted PUTs of a node are kept.
    static let historyRowsMax: Int64 = 1_000
    /// Longest status. Bytes. A node must not fill the disk with what it says.
    static let bytesMax = 16 << 10

    let hub: Hub

    var routes: [Route] {
        let all = "v1/orgs/{org}/nodes/{node}/managementStatus"
        let one = all + "/{policy}"
        return [
            Route(.get, all, get), Route(.get, one, get), Route(.put, one, put), Route(.delete, one, delete),
            Route(.get, "v1/orgs/{org}/nodes/{node}/managementStatusHistory", history),
        ]
    }

    /// Kept: nothing found is 404 with the normal envelope, also when org or node do not exist.
    private func get(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("node"))
        let statuses = try hub.store.lookUp { tables in
            try AccessRule.require(.readNode(org: org, id: id, owner: try tables.nodeOwner(org, id)), of: caller)
            return try tables.managementStatuses(org, id, policy: call.parameters["policy"])
        }
        var document = ManagementStatusesDocument()
        for (policy, status) in statuses { document.managementStatus["\(org)/\(policy)"] = status }
        return try Reply.json(document, status: statuses.isEmpty ? .notFound : .ok)
    }

    /// Status, history and change record are one transaction: what was accepted is in all three.
    private func put(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, id, policy) = (call.parameter("org"), call.parameter("node"), call.parameter("policy"))
        let owner = try hub.store.lookUp { try $0.nodeOwner(org, id) }
        try AccessRule.require(.writeNode(org: org, id: id, owner: owner), of: caller)
        let body = try await call.body(.managementStatus, upTo: Self.bytesMax)
        try ManagementStatusRule.check(body)
        let status = try Call.document(ManagementStatusDocument.self, from: body).agentUpgradePolicyStatus
        try await hub.store.write { [now = hub.now()] tables in
            guard let owner = try tables.nodeOwner(org, id) else { throw Refusal.notFound("node '\(org)/\(id)' not found") }
            try AccessRule.require(.writeNode(org: org, id: id, owner: owner), of: caller)
            if !(try tables.hasManagementPolicy(org, policy)) {
                throw Refusal.notFound("management policy '\(org)/\(policy)' not found")
            }
            let time = now.rfc3339(fractionDigits: 6)
            try tables.putManagementStatus(org, id, policy: policy, ManagementStatusRule.shown(status, lastUpdated: time))
            try tables.appendStatusHistory(org, id, policy: policy, received: time, body: body, keep: Self.historyRowsMax)
            try tables.appendChange(.managementStatus(org, id, .createdOrModified), at: now)
            if TurnRule.ends(StatusWord.status(status.status ?? "")) { try tables.endTurn(org, policy: policy, node: id) }
        }
        return try Reply.done("status added or updated for management policy '\(org)/\(policy)' for node '\(org)/\(id)'.")
    }

    private func delete(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, id, policy) = (call.parameter("org"), call.parameter("node"), call.parameter("policy"))
        try await hub.store.write { [now = hub.now()] tables in
            try AccessRule.require(.writeNode(org: org, id: id, owner: try tables.nodeOwner(org, id)), of: caller)
            guard try tables.deleteManagementStatus(org, id, policy: policy) else {
                throw Refusal.notFound("status of management policy '\(org)/\(policy)' for node '\(org)/\(id)' not found")
            }
            try tables.appendChange(.managementStatus(org, id, .deleted), at: now)
            try tables.endTurn(org, policy: policy, node: id)
        }
        return Reply.noContent
    }

    /// An addition of ours: every accepted PUT, oldest first, so that a test can see what a node said and in which order.
    private func history(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("node"))
        let history = try await hub.store.read { tables in
            let node = try tables.node(org, id)?.document
            try AccessRule.require(.readNode(org: org, id: id, owner: node?.owner), of: caller)
            if node == nil { throw Refusal.notFound("node '\(org)/\(id)' not found") }
            return try tables.statusHistory(org, id)
        }
        return try Reply.json(ManagementStatusHistoryDocument(history: history))
    }
}
