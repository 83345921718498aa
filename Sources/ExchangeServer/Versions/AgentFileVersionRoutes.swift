import ExchangeModel
import Hummingbird
import UpgradeWire

/// `orgs/IBM/AgentFileVersion`. Source: contract 1.5.
struct AgentFileVersionRoutes: Sendable {
    let hub: Hub

    var routes: [Route] {
        let path = "v1/orgs/{org}/AgentFileVersion"
        return [Route(.get, path, get), Route(.put, path, put), Route(.delete, path, delete)]
    }

    private func get(_ call: Call) async throws -> Response {
        try AccessRule.require(.readAgentFileVersion, of: try await caller(of: call))
        guard let versions = try hub.store.lookUp({ try $0.agentFileVersion() }) else { throw Refusal.notFound() }
        return try Reply.json(versions)
    }

    private func put(_ call: Call) async throws -> Response {
        try AccessRule.require(.writeAgentFileVersion, of: try await caller(of: call))
        let body = try await call.body(.agentFileVersion)
        for key in ["agentSoftwareVersions", "agentConfigVersions", "agentCertVersions"] where body[member: key] == nil {
            throw Refusal.badInput("the key '\(key)' is missing in the request body")
        }
        var versions = try Call.document(AgentFileVersionDocument.self, from: body)
        versions.lastUpdated = hub.timestamp()
        try await hub.store.write { [versions, now = hub.now()] tables in
            try tables.putAgentFileVersion(versions)
            try tables.appendChange(.agentFileVersion, at: now)
        }
        return try Reply.done("attribute 'AgentFileVersion' of org 'IBM' updated")
    }

    private func delete(_ call: Call) async throws -> Response {
        try AccessRule.require(.writeAgentFileVersion, of: try await caller(of: call))
        try await hub.store.write { [now = hub.now()] tables in
            guard try tables.deleteAgentFileVersion() else { throw Refusal.notFound() }
            try tables.appendChange(.agentFileVersion, at: now)
        }
        return Reply.noContent
    }

    /// Only org `IBM` has agent file versions.
    private func caller(of call: Call) async throws -> Caller {
        let caller = try await hub.caller(of: call)
        let org = call.parameter("org")
        if org != "IBM" { throw Refusal.badInput("invalid input: \(org)") }
        return caller
    }
}
