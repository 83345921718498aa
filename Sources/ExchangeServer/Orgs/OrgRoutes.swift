import ExchangeModel
import Hummingbird
import UpgradeModel
import UpgradeWire

/// `orgs` and `orgs/{org}`. Source: the published API description; contract 1.6 for the heartbeat intervals.
struct OrgRoutes: Sendable {
    let hub: Hub

    var routes: [Route] {
        let one = "v1/orgs/{org}"
        return [
            Route(.get, "v1/orgs", list), Route(.get, one, get), Route(.post, one, post), Route(.put, one, put),
            Route(.patch, one, patch), Route(.delete, one, delete),
        ]
    }

    /// Root and hub admins see all orgs, everybody else the own one.
    private func list(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        try OrgRule.check(call.query)
        let orgs = try await hub.store.read { try $0.orgs() }.filter { name, org in
            AccessRule.allows(.readOrg(org: name), to: caller) && OrgRule.matches(org, name: name, query: call.query)
        }
        return try Reply.json(OrgsDocument(orgs: orgs), status: orgs.isEmpty ? .notFound : .ok)
    }

    private func get(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let name = call.parameter("org")
        try AccessRule.require(.readOrg(org: name), of: caller)
        guard var org = try hub.store.lookUp({ try $0.org(name) }) else { throw Refusal.notFound("organization '\(name)' not found") }
        guard let attribute = call.query["attribute"] else { return try Reply.json(OrgsDocument(orgs: [name: org])) }
        org.tags = org.tags ?? [:]
        return try AttributeReply.one(attribute, of: org)
    }

    private func post(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let name = call.parameter("org")
        try AccessRule.require(.manageOrgs(org: name), of: caller)
        var org = try await call.body(OrgDocument.self, .org)
        org.lastUpdated = hub.timestamp()
        try await hub.store.write { [org, now = hub.now()] tables in
            if try tables.org(name) != nil {
                throw Refusal(status: 409, code: "already-exists", message: "org '\(name)' already exists")
            }
            try tables.putOrg(name, org)
            try tables.appendChange(.org(name, .created), at: now)
        }
        return try Reply.done("org '\(name)' created")
    }

    private func put(_ call: Call) async throws -> Response {
        let (caller, name, body) = try await change(call)
        let request = try Call.document(OrgDocument.self, from: body)
        try await update(name, caller) { OrgRule.replaced(by: request, body, stored: $0) }
        return try Reply.done("org '\(name)' updated")
    }

    private func patch(_ call: Call) async throws -> Response {
        let (caller, name, body) = try await change(call)
        let attribute = try SoleAttributeRule.name(in: body)
        let request = try Call.document(OrgDocument.self, from: body)
        try await update(name, caller) { OrgRule.patched($0, by: request, attribute: attribute) }
        return try Reply.done("attribute '\(attribute)' of org '\(name)' updated")
    }

    private func change(_ call: Call) async throws -> (Caller, String, JSONValue) {
        let caller = try await hub.caller(of: call)
        let name = call.parameter("org")
        try AccessRule.require(.writeOrg(org: name), of: caller)
        return (caller, name, try await call.body(.org))
    }

    private func update(_ name: String, _ caller: Caller, _ body: @escaping @Sendable (OrgDocument) -> OrgDocument) async throws {
        try await hub.store.write { [now = hub.now()] tables in
            guard let stored = try tables.org(name) else { throw Refusal.notFound("org '\(name)' not found") }
            var next = body(stored)
            if OrgRule.isForHub(from: stored, to: next) { try AccessRule.require(.manageOrgs(org: name), of: caller) }
            next.lastUpdated = now.rfc3339(fractionDigits: 6)
            try tables.putOrg(name, next)
            try tables.appendChange(.org(name, .modified), at: now)
        }
    }

    private func delete(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let name = call.parameter("org")
        try AccessRule.require(.manageOrgs(org: name), of: caller)
        if name == "root" || name == "IBM" { throw Refusal.accessDenied("org '\(name)' is part of the hub and cannot be deleted") }
        let files = try await hub.store.write { [now = hub.now()] tables in
            let files = try tables.objects(name).compactMap(\.dataFile)
            guard try tables.deleteOrg(name) else { throw Refusal.notFound("org '\(name)' not found") }
            try tables.appendChange(.org(name, .deleted), at: now)
            return files
        }
        hub.watch.registrationChanged()
        await hub.files.remove(files)
        return Reply.noContent
    }
}
