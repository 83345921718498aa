import ExchangeModel
import Hummingbird
import UpgradeModel
import UpgradeWire

/// `orgs/{org}/nodes/{node}/policy`. Source: contract 1.2.
struct NodePolicyRoutes: Sendable {
    let hub: Hub

    var routes: [Route] {
        let path = "v1/orgs/{org}/nodes/{node}/policy"
        return [Route(.get, path, get), Route(.put, path, put), Route(.delete, path, delete)]
    }

    private func get(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("node"))
        let policy = try hub.store.lookUp { tables in
            try AccessRule.require(.readNode(org: org, id: id, owner: try tables.nodeOwner(org, id)), of: caller)
            return try tables.nodePolicy(org, id)
        }
        guard let policy else { throw Refusal.notFound() }
        return try Reply.json(policy)
    }

    private func put(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("node"))
        let owner = try hub.store.lookUp { try $0.nodeOwner(org, id) }
        try AccessRule.require(.writeNode(org: org, id: id, owner: owner), of: caller)
        let policy = try await call.body(NodePolicyDocument.self, .nodePolicy)
        try NodePolicyRule.check(policy)
        let noHeartbeat = call.query["noheartbeat"] == "true"
        try await hub.store.write { [now = hub.now()] tables in
            guard let node = try tables.node(org, id) else { throw Refusal.notFound("node '\(org)/\(id)' not found") }
            try AccessRule.require(.writeNode(org: org, id: id, owner: node.document.owner), of: caller)
            if !noHeartbeat { _ = try tables.touchNode(org, id, at: now) }
            try tables.putNodePolicy(org, id, NodePolicyRule.stored(policy, lastUpdated: now.rfc3339(fractionDigits: 6)))
            try tables.appendChange(.nodePolicy(org, id, .createdOrModified), at: now)
        }
        return try Reply.done("policy added or updated")
    }

    private func delete(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("node"))
        try await hub.store.write { [now = hub.now()] tables in
            try AccessRule.require(.writeNode(org: org, id: id, owner: try tables.nodeOwner(org, id)), of: caller)
            guard try tables.deleteNodePolicy(org, id) else { throw Refusal.notFound("policy of node '\(org)/\(id)' not found") }
            try tables.appendChange(.nodePolicy(org, id, .deleted), at: now)
        }
        return Reply.noContent
    }
}
