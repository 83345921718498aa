import ExchangeModel
import FoundationEssentials
import Hummingbird
import UpgradeModel
import UpgradeWire

/// What nodes tell of themselves when the hub asks, and what administrators read of it. Additions of ours that no client must know.
/// Source: seeds `nmis-opstatus.txt` and `dataone-uc10-mn-status-reports.rst`.
struct SelfReportRoutes: Sendable {
    let hub: Hub

    var routes: [Route] {
        [
            Route(.post, "v1/orgs/{org}/nodes/{node}/selfReport", take), Route(.get, "v1/orgs/{org}/nodes/{node}/health", health),
            Route(.get, "v1/admin/opstatus", operations),
        ]
    }

    private func take(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let place = HubNodePlace(org: call.parameter("org"), id: call.parameter("node"))
        let owner = try hub.store.lookUp { try $0.nodeOwner(place.org, place.id) }
        try AccessRule.require(.writeNode(org: place.org, id: place.id, owner: owner), of: caller)
        let report = try await call.body(SelfReportDocument.self, .selfReport)
        let now = hub.now()
        if report.opstatus.count > HubOperationRule.batchMax {
            throw Refusal.badInput("'opstatus' has \(report.opstatus.count) records, the limit is \(HubOperationRule.batchMax)")
        }
        let records = try report.opstatus.map { try HubOperationRule.kept($0, of: place, at: now) }
        if let health = report.health, try JSONEncoder().encode(health).count > HubOperationRule.healthMax {
            throw Refusal.badInput("'health' is longer than \(HubOperationRule.healthMax) bytes")
        }
        let health = report.health.map { ReportedHealthDocument(received: now.rfc3339(fractionDigits: 6), health: $0) }
        try await hub.store.write { tables in
            let owner = try tables.nodeOwner(place.org, place.id)
            try AccessRule.require(.writeNode(org: place.org, id: place.id, owner: owner), of: caller)
            if owner == nil { throw Refusal.notFound("node '\(place.org)/\(place.id)' not found") }
            if let health { try tables.putNodeHealth(place.org, place.id, health) }
            for record in records { try tables.putOperation(record) }
            if !records.isEmpty { try tables.trimOperations(of: place, activity: nil, to: HubOperationRule.rowsMax) }
        }
        hub.selfReports.told(records)
        if health != nil { hub.selfReports.heard(place, at: now) }
        return try Reply.done("self report taken")
    }

    private func health(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("node"))
        let found = try hub.store.lookUp { tables in
            try AccessRule.require(.readNode(org: org, id: id, owner: try tables.nodeOwner(org, id)), of: caller)
            return try tables.nodeHealth(org, id)
        }
        guard let found else { throw Refusal.notFound("node '\(org)/\(id)' has not told how it is") }
        return try Reply.json(found)
    }

    private func operations(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        try AccessRule.require(.readFleetReport, of: caller)
        let query = try HubOperationRule.query(call.query, caller: caller)
        let rows = try await hub.store.read { try $0.operations(query) }
        let below = rows.count == query.max ? rows.last.map { Int($0.number) } : nil
        return try Reply.json(OperationsDocument(opstatus: rows.map(\.document), below: below))
    }
}
