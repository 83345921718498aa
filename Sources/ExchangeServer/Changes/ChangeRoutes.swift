import ExchangeModel
import Hummingbird
import UpgradeWire

/// `orgs/{org}/changes` and `changes/maxchangeid`. Source: contract 1.6.
struct ChangeRoutes: Sendable {
    let hub: Hub

    var routes: [Route] {
        [Route(.post, "v1/orgs/{org}/changes", poll), Route(.get, "v1/changes/maxchangeid", newest)]
    }

    /// The poll of a node or an agreement bot is its heartbeat.
    private func poll(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let org = call.parameter("org")
        try AccessRule.require(.readChanges(org: org), of: caller)
        let request = try await call.body(ChangesRequestDocument.self, .changes)
        let start = try ChangeWindowRule.start(of: request)
        let limit = ChangeWindowRule.limit(of: request)
        let scope = ChangeScope.of(caller, org: org, orgList: request.orgList)
        if caller.role == .node || caller.role == .agbot { try await noteHeartbeat(of: caller) }
        let wanted = hub.selfReports.wanted(of: caller, at: hub.now())
        let page = { @Sendable (tables: any HubReading) throws in
            var page = ChangePageRule.page(
                rows: try tables.changes(from: start, scope: scope, limit: limit), from: start, limit: limit,
                newest: try tables.newestChange(), version: Hub.version)
            page.selfReport = wanted
            return page
        }
        // Only what a node sees is found by keys; the others' changes are looked for among those of all orgs.
        if case .node = scope { return try Reply.json(try hub.store.lookUp(page), status: .created) }
        return try Reply.json(try await hub.store.read(page), status: .created)
    }

    private func noteHeartbeat(of caller: Caller) async throws {
        try await hub.store.write { [now = hub.now()] tables in
            let isThere =
                caller.role == .agbot
                ? try tables.touchAgbot(caller.org, caller.id, at: now) : try tables.touchNode(caller.org, caller.id, at: now)
            if !isThere { throw Refusal.notFound("Node or agbot '\(caller.name)' not found") }
        }
    }

    private func newest(_ call: Call) async throws -> Response {
        try AccessRule.require(.readMaxChangeID, of: try await hub.caller(of: call))
        return try Reply.json(MaxChangeIDDocument(maxChangeId: try hub.store.lookUp { try $0.newestChange() }))
    }
}
