import ExchangeModel
import Hummingbird
import UpgradeModel
import UpgradeWire

/// `orgs/{org}/nodes` and one node. Source: contract 1.2.
struct NodeRoutes: Sendable {
    /// What is shown instead of a token.
    static let mask = "***************"

    let hub: Hub

    var routes: [Route] {
        [
            Route(.get, "v1/orgs/{org}/nodes", list), Route(.get, "v1/orgs/{org}/nodes/{node}", get),
            Route(.put, "v1/orgs/{org}/nodes/{node}", put), Route(.patch, "v1/orgs/{org}/nodes/{node}", patch),
            Route(.delete, "v1/orgs/{org}/nodes/{node}", delete),
            Route(.post, "v1/orgs/{org}/nodes/{node}/heartbeat", heartbeat),
        ]
    }

    private func list(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let org = call.parameter("org")
        try AccessRule.require(.listNodes(org: org), of: caller)
        try NodeFilterRule.check(call.query)
        // A long list is also written on the store's thread: those that answer everybody else stay free.
        return try await hub.store.read { tables in
            var document = NodesDocument()
            for (id, node) in try Self.listed(call, org, caller, tables) {
                guard AccessRule.allows(.readNode(org: org, id: id, owner: node.owner), to: caller) else { continue }
                if NodeFilterRule.matches(node, name: "\(org)/\(id)", query: call.query) { document.nodes["\(org)/\(id)"] = node }
            }
            return try Reply.json(document, status: document.nodes.isEmpty ? .notFound : .ok)
        }
    }

    /// As few as the filters and the caller's rights let the database choose.
    private static func listed(_ call: Call, _ org: String, _ caller: Caller, _ tables: any HubReading) throws -> [String: NodeDocument] {
        if let name = call.query["idfilter"], !name.contains("%") {
            guard name.hasPrefix("\(org)/") else { return [:] }
            let id = String(name.dropFirst(org.count + 1))
            return try tables.node(org, id).map { [id: $0.document] } ?? [:]
        }
        return try tables.nodes(org, owner: caller.role == .user ? caller.name : nil)
    }

    private func get(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("node"))
        let node = try hub.store.lookUp { try $0.node(org, id)?.document }
        try AccessRule.require(.readNode(org: org, id: id, owner: node?.owner), of: caller)
        guard let node else { throw Refusal.notFound() }
        if let attribute = call.query["attribute"] { return try AttributeReply.one(attribute, of: node) }
        return try Reply.json(NodesDocument(nodes: ["\(org)/\(id)": node]))
    }

    private func put(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("node"))
        let owner = try hub.store.lookUp { try $0.nodeOwner(org, id) }
        try AccessRule.require(.writeNode(org: org, id: id, owner: owner), of: caller)
        let request = try await call.body(NodeRequestDocument.self, .node)
        let tokenHash = try await hub.identities.tokenHash(of: request.token, for: "\(org)/\(id)")
        let noHeartbeat = call.query["noheartbeat"] == "true"
        let isOther = try await hub.store.write { [now = hub.now()] tables in
            guard let home = try tables.org(org) else { throw Refusal.notFound("organization '\(org)' not found") }
            let stored = try tables.node(org, id)
            try AccessRule.require(.writeNode(org: org, id: id, owner: stored?.document.owner), of: caller)
            try NodeRule.check(request, stored: stored?.document, id: id, caller: caller)
            if stored == nil {
                try IdentityNameRule.requireFree(org, id, tables)
                try LimitRule.checkNode(of: caller, count: caller.role == .root ? 0 : try tables.nodeCount(owner: caller.name))
                try LimitRule.checkNode(in: home) { try tables.counts(org: org).nodes }
            }
            let time = now.rfc3339(fractionDigits: 6)
            var node = NodeRule.replaced(by: request, stored: stored?.document, owner: caller.name, now: time)
            node.token = Self.mask
            node.lastHeartbeat = noHeartbeat ? stored?.document.lastHeartbeat : time
            try tables.putNode(org, id, HubNode(document: node, tokenHash: tokenHash ?? stored?.tokenHash ?? ""))
            try tables.appendChange(.node(org, id, .createdOrModified), at: now)
            if node.publicKey.isEmpty { try tables.forgetSelfReports(org, id) }
            return (stored?.document.publicKey ?? "").isEmpty != node.publicKey.isEmpty
        }
        if isOther { registrationChanged(org, id) }
        return try Reply.done("node added or updated")
    }

    private func patch(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("node"))
        let owner = try hub.store.lookUp { try $0.nodeOwner(org, id) }
        try AccessRule.require(.writeNode(org: org, id: id, owner: owner), of: caller)
        let body = try await call.body(.node)
        let attribute = try SoleAttributeRule.name(in: body)
        let request = try Call.document(NodeRequestDocument.self, from: body)
        let tokenHash = try await hub.identities.tokenHash(of: request.token, for: "\(org)/\(id)")
        let isOther = try await hub.store.write { [now = hub.now()] tables in
            guard let stored = try tables.node(org, id) else { throw Refusal.notFound("node '\(org)/\(id)' not found") }
            try AccessRule.require(.writeNode(org: org, id: id, owner: stored.document.owner), of: caller)
            try NodeRule.checkPatch(request, stored: stored.document, id: id, caller: caller)
            let node = NodeRule.patched(stored.document, by: request, now: now.rfc3339(fractionDigits: 6))
            try tables.putNode(org, id, HubNode(document: node, tokenHash: tokenHash ?? stored.tokenHash))
            try tables.appendChange(.node(org, id, .modified), at: now)
            // What an agent says last it says before; nobody would end what it left open.
            if node.publicKey.isEmpty { try tables.forgetSelfReports(org, id) }
            return stored.document.publicKey.isEmpty != node.publicKey.isEmpty
        }
        if isOther { registrationChanged(org, id) }
        return try Reply.done("attribute '\(attribute)' of node '\(org)/\(id)' updated")
    }

    private func delete(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("node"))
        try await hub.store.write { [now = hub.now()] tables in
            let node = try tables.node(org, id)
            try AccessRule.require(.writeNode(org: org, id: id, owner: node?.document.owner), of: caller)
            guard try tables.deleteNode(org, id) else { throw Refusal.notFound("node '\(org)/\(id)' not found") }
            try tables.appendChange(.node(org, id, .deleted), at: now)
        }
        registrationChanged(org, id)
        return Reply.noContent
    }

    private func registrationChanged(_ org: String, _ id: String) {
        hub.watch.registrationChanged()
        hub.selfReports.forget(HubNodePlace(org: org, id: id))
    }

    private func heartbeat(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("node"))
        try await hub.store.write { [now = hub.now()] tables in
            let node = try tables.node(org, id)
            try AccessRule.require(.writeNode(org: org, id: id, owner: node?.document.owner), of: caller)
            guard try tables.touchNode(org, id, at: now) else { throw Refusal.notFound("node '\(org)/\(id)' not found") }
        }
        return try Reply.done("node updated")
    }
}
