import ExchangeModel
import Hummingbird
import UpgradeWire

/// `orgs` and `orgs/{org}`. Source: the published API description; contract 1.6 for the heartbeat intervals.
struct OrgRoutes: Sendable {
    let hub: Hub

    var routes: [Route] {
        [
            Route(.get, "v1/orgs", list), Route(.get, "v1/orgs/{org}", get), Route(.post, "v1/orgs/{org}", post),
            Route(.put, "v1/orgs/{org}", put), Route(.delete, "v1/orgs/{org}", delete),
        ]
    }

    /// Root and hub admins see all orgs, everybody else the own one.
    private func list(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let orgs = try await hub.store.read { try $0.orgs() }
        return try Reply.json(OrgsDocument(orgs: orgs.filter { AccessRule.allows(.readOrg(org: $0.key), to: caller) }))
    }

    private func get(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let name = call.parameter("org")
        try AccessRule.require(.readOrg(org: name), of: caller)
        guard let org = try await hub.store.read({ try $0.org(name) }) else { throw Refusal.notFound("organization '\(name)' not found") }
        return try Reply.json(OrgsDocument(orgs: [name: org]))
    }

    private func post(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let name = call.parameter("org")
        try AccessRule.require(.manageOrgs(org: name), of: caller)
        let org = try await document(call)
        try await hub.store.write { [now = hub.now()] tables in
            if try tables.org(name) != nil {
                throw Refusal(status: 409, code: "already-exists", message: "org '\(name)' already exists")
            }
            try tables.putOrg(name, org)
            try tables.appendChange(.org(name, .created), at: now)
        }
        return try Reply.done("org '\(name)' created")
    }

    private func put(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let name = call.parameter("org")
        try AccessRule.require(.writeOrg(org: name), of: caller)
        let org = try await document(call)
        try await hub.store.write { [now = hub.now()] tables in
            if try tables.org(name) == nil { throw Refusal.notFound("org '\(name)' not found") }
            try tables.putOrg(name, org)
            try tables.appendChange(.org(name, .modified), at: now)
        }
        return try Reply.done("org '\(name)' updated")
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
        await hub.files.remove(files)
        return Reply.noContent
    }

    private func document(_ call: Call) async throws -> OrgDocument {
        var org = try await call.body(OrgDocument.self, .org)
        org.lastUpdated = hub.timestamp()
        return org
    }
}
