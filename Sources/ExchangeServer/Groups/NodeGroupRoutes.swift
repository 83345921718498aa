import ExchangeModel
import Hummingbird
import UpgradeModel
import UpgradeWire

/// `orgs/{org}/hagroups`, one group, and one member of it. Source: contract 1.7.
struct NodeGroupRoutes: Sendable {
    let hub: Hub

    var routes: [Route] {
        let all = "v1/orgs/{org}/hagroups"
        let one = all + "/{group}"
        let member = one + "/nodes/{node}"
        return [
            Route(.get, all, list), Route(.get, one, get), Route(.post, one, post), Route(.put, one, put), Route(.delete, one, delete),
            Route(.post, member, addMember), Route(.delete, member, removeMember),
        ]
    }

    private func list(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let org = call.parameter("org")
        try AccessRule.require(.readNodeGroups(org: org), of: caller)
        return try await answer(org, caller, names: hub.store.read { try $0.nodeGroupNames(org) })
    }

    private func get(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        try AccessRule.require(.readNodeGroups(org: call.parameter("org")), of: caller)
        return try await answer(call.parameter("org"), caller, names: [call.parameter("group")])
    }

    /// Nothing found is 404 with an empty list; a caller sees those members that it may see as nodes.
    private func answer(_ org: String, _ caller: Caller, names: [String]) async throws -> Response {
        let groups = try await hub.store.read { tables in
            try names.compactMap { name -> NodeGroupDocument? in
                guard let group = try tables.nodeGroup(org, name) else { return nil }
                let members = try tables.nodeGroupMembers(org, name).filter { id in
                    AccessRule.allows(.readNode(org: org, id: id, owner: try tables.nodeOwner(org, id)), to: caller)
                }
                return NodeGroupDocument(
                    name: name, description: group.description, members: members, admin: group.admin, lastUpdated: group.lastUpdated)
            }
        }
        return try Reply.json(NodeGroupsDocument(nodeGroups: groups), status: groups.isEmpty ? .notFound : .ok)
    }

    private func post(_ call: Call) async throws -> Response {
        let (caller, org, name, request) = try await request(call)
        try await hub.store.write { [now = hub.now()] tables in
            if try tables.org(org) == nil { throw Refusal.notFound("organization '\(org)' not found") }
            if try tables.nodeGroup(org, name) != nil { throw Refusal.inConflict("node group '\(org)/\(name)' already exists") }
            try Self.store(request, name, org, nil, caller, tables, now)
            try tables.appendChange(.nodeGroup(org, name, .created), at: now)
        }
        return try Reply.done("node group '\(org)/\(name)' created")
    }

    private func put(_ call: Call) async throws -> Response {
        let (caller, org, name, request) = try await request(call)
        try await hub.store.write { [now = hub.now()] tables in
            guard let stored = try tables.nodeGroup(org, name) else { throw Refusal.notFound("node group '\(org)/\(name)' not found") }
            try Self.store(request, name, org, stored, caller, tables, now)
            try tables.appendChange(.nodeGroup(org, name, .modified), at: now)
        }
        return try Reply.done("node group '\(org)/\(name)' updated")
    }

    private func delete(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, name) = (call.parameter("org"), call.parameter("group"))
        try AccessRule.require(.writeNodeGroups(org: org), of: caller)
        try await hub.store.write { [now = hub.now()] tables in
            try Self.requireOwnership(of: tables.nodeGroupMembers(org, name), org, caller, tables)
            try Self.requireWriter(of: tables.nodeGroup(org, name), org, caller)
            guard try tables.deleteNodeGroup(org, name) else { throw Refusal.notFound("node group '\(org)/\(name)' not found") }
            try tables.appendChange(.nodeGroup(org, name, .deleted), at: now)
        }
        return Reply.noContent
    }

    private func addMember(_ call: Call) async throws -> Response {
        let (org, name, node) = try await change(call) { members, node, name in
            if members.contains(node) { throw Refusal.inConflict("node '\(node)' is in node group '\(name)' already") }
            return members + [node]
        }
        return try Reply.done("node '\(org)/\(node)' added to node group '\(org)/\(name)'")
    }

    private func removeMember(_ call: Call) async throws -> Response {
        _ = try await change(call) { members, node, name in
            guard members.contains(node) else { throw Refusal.notFound("node '\(node)' is not in node group '\(name)'") }
            return members.filter { $0 != node }
        }
        return Reply.noContent
    }

    private func change(
        _ call: Call, _ body: @escaping @Sendable ([String], String, String) throws -> [String]
    ) async throws -> (org: String, group: String, node: String) {
        let caller = try await hub.caller(of: call)
        let (org, name, node) = (call.parameter("org"), call.parameter("group"), call.parameter("node"))
        try AccessRule.require(.writeNodeGroups(org: org), of: caller)
        try await hub.store.write { [now = hub.now()] tables in
            guard let stored = try tables.nodeGroup(org, name) else { throw Refusal.notFound("node group '\(org)/\(name)' not found") }
            try Self.requireOwnership(of: [node], org, caller, tables)
            let members = try body(tables.nodeGroupMembers(org, name), node, name)
            var request = NodeGroupRequestDocument()
            request.members = members
            try Self.store(request, name, org, stored, caller, tables, now)
            try tables.appendChange(.nodeGroup(org, name, .modified), at: now)
        }
        return (org, name, node)
    }

    private func request(_ call: Call) async throws -> (Caller, String, String, NodeGroupRequestDocument) {
        let caller = try await hub.caller(of: call)
        let org = call.parameter("org")
        try AccessRule.require(.writeNodeGroups(org: org), of: caller)
        return (caller, org, call.parameter("group"), try await call.body(NodeGroupRequestDocument.self, .nodeGroup))
    }

    /// All members, those that come or go too, must be the caller's; one that is in another group is 409.
    private static func store(
        _ request: NodeGroupRequestDocument, _ name: String, _ org: String, _ stored: HubNodeGroup?, _ caller: Caller,
        _ tables: any HubWriting, _ now: UTCInstant
    ) throws {
        let known = try tables.nodeGroupMembers(org, name)
        let members = request.members ?? known
        try requireOwnership(of: Set(members).union(known).sorted(), org, caller, tables)
        try requireWriter(of: stored, org, caller)
        for node in members {
            if let other = try tables.node(org, node)?.document.haGroup, other != name {
                throw Refusal.inConflict("node '\(org)/\(node)' belongs to node group '\(other)' already")
            }
        }
        let group = HubNodeGroup(
            description: request.description ?? stored?.description ?? "", admin: stored?.admin ?? (caller.role != .user),
            lastUpdated: now.rfc3339(fractionDigits: 6))
        try tables.putNodeGroup(org, name, group, members: members)
    }

    /// What an administrator has made, an administrator changes.
    private static func requireWriter(of stored: HubNodeGroup?, _ org: String, _ caller: Caller) throws {
        if stored?.admin == true { try AccessRule.require(.writeManagementPolicies(org: org), of: caller) }
    }

    private static func requireOwnership(of nodes: [String], _ org: String, _ caller: Caller, _ tables: any HubReading) throws {
        for id in nodes {
            guard let node = try tables.node(org, id) else { throw Refusal.notFound("node '\(org)/\(id)' not found") }
            try AccessRule.require(.writeNode(org: org, id: id, owner: node.document.owner), of: caller)
        }
    }
}
