import ExchangeModel
import Hummingbird
import UpgradeModel
import UpgradeWire

/// `orgs/{org}/nodes/{node}/status` and `…/errors`: what a node reports about its services. Source: contract 1.2.
struct NodeReportRoutes: Sendable {
    let hub: Hub

    var routes: [Route] {
        let status = "v1/orgs/{org}/nodes/{node}/status"
        let errors = "v1/orgs/{org}/nodes/{node}/errors"
        return [
            Route(.get, status, getStatus), Route(.put, status, putStatus), Route(.delete, status, deleteStatus),
            Route(.get, errors, getErrors), Route(.put, errors, putErrors), Route(.delete, errors, deleteErrors),
        ]
    }

    private func getStatus(_ call: Call) async throws -> Response {
        try Reply.json(try await read(call) { tables, org, id in try tables.nodeStatus(org, id) })
    }

    private func getErrors(_ call: Call) async throws -> Response {
        try Reply.json(try await read(call) { tables, org, id in try tables.nodeErrors(org, id) })
    }

    private func putStatus(_ call: Call) async throws -> Response {
        try await requireWriting(call)
        let status = try await call.body(NodeStatusDocument.self, .nodeStatus)
        try await write(call) { tables, org, id, now in
            try tables.putNodeStatus(org, id, NodeReportRule.stored(status, lastUpdated: now.rfc3339(fractionDigits: 6)))
            try tables.appendChange(.nodeStatus(org, id, .createdOrModified), at: now)
        }
        return try Reply.done("status added or updated")
    }

    private func putErrors(_ call: Call) async throws -> Response {
        try await requireWriting(call)
        let errors = try await call.body(NodeErrorsDocument.self, .nodeErrors).errors
        try await write(call) { tables, org, id, now in
            try tables.putNodeErrors(org, id, NodeErrorsDocument(errors: errors, lastUpdated: now.rfc3339(fractionDigits: 6)))
            try tables.appendChange(.nodeErrors(org, id, .createdOrModified), at: now)
        }
        return try Reply.done("errors added or updated")
    }

    private func deleteStatus(_ call: Call) async throws -> Response {
        try await requireWriting(call)
        try await write(call) { tables, org, id, now in
            guard try tables.deleteNodeStatus(org, id) else { throw Refusal.notFound("status of node '\(org)/\(id)' not found") }
            try tables.appendChange(.nodeStatus(org, id, .deleted), at: now)
        }
        return Reply.noContent
    }

    private func deleteErrors(_ call: Call) async throws -> Response {
        try await requireWriting(call)
        try await write(call) { tables, org, id, now in
            guard try tables.deleteNodeErrors(org, id) else { throw Refusal.notFound("errors of node '\(org)/\(id)' not found") }
            try tables.appendChange(.nodeErrors(org, id, .deleted), at: now)
        }
        return Reply.noContent
    }

    private func read<Document: Sendable>(
        _ call: Call, _ body: @escaping @Sendable (any HubReading, String, String) throws -> Document?
    ) async throws -> Document {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("node"))
        let document = try hub.store.lookUp { tables in
            try AccessRule.require(.readNode(org: org, id: id, owner: try tables.nodeOwner(org, id)), of: caller)
            return try body(tables, org, id)
        }
        guard let document else { throw Refusal.notFound() }
        return document
    }

    /// Before the body is looked at.
    private func requireWriting(_ call: Call) async throws {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("node"))
        let owner = try hub.store.lookUp { try $0.nodeOwner(org, id) }
        try AccessRule.require(.writeNode(org: org, id: id, owner: owner), of: caller)
    }

    private func write(
        _ call: Call, _ body: @escaping @Sendable (any HubWriting, String, String, UTCInstant) throws -> Void
    ) async throws {
        let caller = try await hub.caller(of: call)
        let (org, id) = (call.parameter("org"), call.parameter("node"))
        try await hub.store.write { [now = hub.now()] tables in
            let owner = try tables.nodeOwner(org, id)
            try AccessRule.require(.writeNode(org: org, id: id, owner: owner), of: caller)
            if owner == nil { throw Refusal.notFound("node '\(org)/\(id)' not found") }
            try body(tables, org, id, now)
        }
    }
}
