import ExchangeModel
import Hummingbird
import UpgradeModel
import UpgradeWire

/// `orgs/{org}/agbots/{agbot}`: the identity of an agreement bot, and nothing of its work. Source: the role table of contract 1.1.
struct AgbotRoutes: Sendable {
    let hub: Hub

    var routes: [Route] {
        let path = "v1/orgs/{org}/agbots/{agbot}"
        return [Route(.get, path, get), Route(.put, path, put), Route(.delete, path, delete)]
    }

    private func get(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("agbot"))
        try AccessRule.require(.readAgbot(org: org), of: caller)
        guard let agbot = try hub.store.lookUp({ try $0.agbot(org, id)?.document }) else { throw Refusal.notFound() }
        if let attribute = call.query["attribute"] { return try AttributeReply.one(attribute, of: agbot) }
        return try Reply.json(AgbotsDocument(agbots: ["\(org)/\(id)": agbot]))
    }

    /// Makes or replaces it; the owner stays.
    private func put(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("agbot"))
        try AccessRule.require(.writeAgbot(org: org, id: id), of: caller)
        let request = try await call.body(AgbotRequestDocument.self, .agbot)
        guard let token = request.token, let name = request.name, let key = request.publicKey, !token.isEmpty else {
            throw Refusal.badInput("the keys 'token' (not empty), 'name' and 'publicKey' are needed in the request body")
        }
        let tokenHash = try await hub.identities.tokenHash(of: token, for: "\(org)/\(id)") ?? ""
        try await hub.store.write { [now = hub.now()] tables in
            if try tables.org(org) == nil { throw Refusal.notFound("organization '\(org)' not found") }
            let owner = try tables.agbot(org, id)?.document.owner
            if owner == nil { try IdentityNameRule.requireFree(org, id, tables) }
            let document = AgbotDocument(
                token: NodeRoutes.mask, name: name, owner: owner ?? caller.name, msgEndPoint: request.msgEndPoint ?? "",
                lastHeartbeat: now.rfc3339(fractionDigits: 6), publicKey: key)
            try tables.putAgbot(org, id, HubAgbot(document: document, tokenHash: tokenHash))
            try tables.appendChange(.agbot(org, id, .createdOrModified), at: now)
        }
        return try Reply.done("agbot added or updated")
    }

    private func delete(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("agbot"))
        try AccessRule.require(.writeAgbot(org: org, id: id), of: caller)
        try await hub.store.write { [now = hub.now()] tables in
            guard try tables.deleteAgbot(org, id) else { throw Refusal.notFound("agbot '\(org)/\(id)' not found") }
            try tables.appendChange(.agbot(org, id, .deleted), at: now)
        }
        return Reply.noContent
    }
}
