import ExchangeModel
import Hummingbird
import UpgradeWire

/// `admin/version`, `admin/status` and the org's status. Source: contract 1.8.
struct AdminRoutes: Sendable {
    let hub: Hub

    var routes: [Route] {
        [
            Route(.get, "v1/admin/version") { _ in Reply.text(Hub.version + "\n") },
            Route(.get, "v1/admin/status", status),
            Route(.get, "v1/orgs/{org}/status", orgStatus),
        ]
    }

    private func status(_ call: Call) async throws -> Response {
        try AccessRule.require(.readHubStatus, of: try await hub.caller(of: call))
        var document = Self.document(try await hub.store.read { try $0.counts(org: nil) })
        document.dbSchemaVersion = hub.store.schemaVersion
        return try Reply.json(document)
    }

    private func orgStatus(_ call: Call) async throws -> Response {
        let org = call.parameter("org")
        try AccessRule.require(.readOrg(org: org), of: try await hub.caller(of: call))
        var document = Self.document(
            try await hub.store.read { tables in
                if try tables.org(org) == nil { throw Refusal.notFound("organization '\(org)' not found") }
                return try tables.counts(org: org)
            })
        document.numberOfOrganizations = nil
        document.schemaVersion = hub.store.schemaVersion
        return try Reply.json(document)
    }

    private static func document(_ counts: HubCounts) -> AdminStatusDocument {
        var document = AdminStatusDocument(
            msg: "Exchange server operating normally", numberOfOrganizations: counts.orgs, numberOfUsers: counts.users,
            numberOfNodes: counts.nodes, numberOfRegisteredNodes: counts.registeredNodes,
            numberOfUnregisteredNodes: counts.nodes - counts.registeredNodes)
        document.numberOfAgbots = counts.agbots
        // There are no services here, so nobody agrees on one.
        (document.numberOfAgbotAgreements, document.numberOfAgbotMsgs) = (0, 0)
        (document.numberOfNodeAgreements, document.numberOfNodeMsgs) = (0, 0)
        return document
    }
}
