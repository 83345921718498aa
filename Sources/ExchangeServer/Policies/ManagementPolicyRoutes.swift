import ExchangeModel
import Hummingbird
import UpgradeModel
import UpgradeWire

/// `orgs/{org}/managementpolicies` and one policy. Source: contract 1.3.
struct ManagementPolicyRoutes: Sendable {
    let hub: Hub

    var routes: [Route] {
        let path = "v1/orgs/{org}/managementpolicies/{policy}"
        return [
            Route(.get, "v1/orgs/{org}/managementpolicies", list), Route(.get, path, get), Route(.post, path, post),
            Route(.put, path, put), Route(.delete, path, delete),
        ]
    }

    private func list(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let org = call.parameter("org")
        try AccessRule.require(.readManagementPolicies(org: org), of: caller)
        try ManagementPolicyRule.checkFilters(call.query)
        let policies = try await hub.store.read { try $0.managementPolicies(org) }
        return try answer(
            org, policies.filter { ManagementPolicyRule.matches($0.value, name: "\(org)/\($0.key)", query: call.query) })
    }

    private func get(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, name) = (call.parameter("org"), call.parameter("policy"))
        try AccessRule.require(.readManagementPolicies(org: org), of: caller)
        let policy = try hub.store.lookUp { try $0.managementPolicy(org, name) }
        guard let attribute = call.query["attribute"] else { return try answer(org, policy.map { [name: $0] } ?? [:]) }
        guard let policy else { throw Refusal.notFound() }
        guard ManagementPolicyRule.attributes.contains(attribute.lowercased()) else {
            throw Refusal.badInput("unknown attribute '\(attribute)'")
        }
        switch attribute.lowercased() {
        case "manifest", "allowdowngrade": return try AttributeReply.one(attribute, of: policy.agentUpgradePolicy)
        default: return try AttributeReply.one(attribute, of: policy)
        }
    }

    /// Kept: nothing found is 404 with the normal envelope.
    private func answer(_ org: String, _ policies: [String: NodeManagementPolicyDocument]) throws -> Response {
        var document = ManagementPoliciesDocument()
        for (name, policy) in policies { document.managementPolicy["\(org)/\(name)"] = policy }
        return try Reply.json(document, status: policies.isEmpty ? .notFound : .ok)
    }

    private func post(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, name) = (call.parameter("org"), call.parameter("policy"))
        let request = try await request(call, org: org, caller: caller)
        try await hub.store.write { [now = hub.now()] tables in
            if try tables.org(org) == nil { throw Refusal.notFound("organization '\(org)' not found") }
            if try tables.hasManagementPolicy(org, name) {
                throw Refusal.alreadyExists("management policy '\(org)/\(name)' already exists")
            }
            try Self.store(request, org, name, isNew: true, caller, tables, now)
        }
        return try Reply.done("management policy '\(org)/\(name)' created")
    }

    /// A policy that does not exist is made, where the real exchange answers 201 and stores nothing. Kept: owner and creation time are
    /// rewritten.
    private func put(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, name) = (call.parameter("org"), call.parameter("policy"))
        let request = try await request(call, org: org, caller: caller)
        try await hub.store.write { [now = hub.now()] tables in
            if try tables.org(org) == nil { throw Refusal.notFound("organization '\(org)' not found") }
            let isNew = !(try tables.hasManagementPolicy(org, name))
            try Self.store(request, org, name, isNew: isNew, caller, tables, now)
        }
        return try Reply.done("management policy updated")
    }

    private static func store(
        _ request: NodeManagementPolicyRequestDocument, _ org: String, _ name: String, isNew: Bool, _ caller: Caller,
        _ tables: any HubWriting, _ now: UTCInstant
    ) throws {
        if isNew { try LimitRule.checkManagementPolicy(of: caller, count: try tables.managementPolicyCount(owner: caller.name)) }
        let policy = ManagementPolicyRule.stored(request, owner: caller.name, now: now.rfc3339(fractionDigits: 6))
        try tables.putManagementPolicy(org, name, policy)
        try tables.appendChange(.managementPolicy(org, name, isNew ? .created : .modified), at: now)
    }

    private func delete(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, name) = (call.parameter("org"), call.parameter("policy"))
        try AccessRule.require(.writeManagementPolicies(org: org), of: caller)
        try await hub.store.write { [now = hub.now()] tables in
            guard try tables.deleteManagementPolicy(org, name) else {
                throw Refusal.notFound("management policy '\(org)/\(name)' not found")
            }
            try tables.appendChange(.managementPolicy(org, name, .deleted), at: now)
            try tables.endTurn(org, policy: name, node: nil)
        }
        return Reply.noContent
    }

    private func request(_ call: Call, org: String, caller: Caller) async throws -> NodeManagementPolicyRequestDocument {
        try AccessRule.require(.writeManagementPolicies(org: org), of: caller)
        let request = try await call.body(NodeManagementPolicyRequestDocument.self, .managementPolicy)
        try ManagementPolicyRule.check(request)
        return request
    }
}
