import ExchangeModel
import FoundationEssentials
import Hummingbird
import UpgradeWire

/// `orgs/{org}/managementStatus`: the statuses of a whole fleet in a few answers, instead of one for each node. An addition of ours that no
/// client must know.
struct FleetStatusRoutes: Sendable {
    let hub: Hub

    var routes: [Route] { [Route(.get, "v1/orgs/{org}/managementStatus", get)] }

    /// In order of node and policy. A full page names the place behind which the next one begins.
    private func get(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let org = call.parameter("org")
        try AccessRule.require(.listNodes(org: org), of: caller)
        let filter = try FleetQueryRule.filter(call.query, caller: caller)
        let limit = try FleetQueryRule.limit(call.query)
        let rows = try await hub.store.read { tables in
            if try tables.org(org) == nil { throw Refusal.notFound("organization '\(org)' not found") }
            if let policy = filter.policy, !(try tables.hasManagementPolicy(org, policy)) {
                throw Refusal.notFound("management policy '\(org)/\(policy)' not found")
            }
            return try tables.statusRows(org, filter, limit: limit)
        }
        return try Self.answer(org, rows, next: rows.count == limit ? rows.last : nil)
    }

    /// The text of a ``FleetStatusesDocument``, with each status as it lies in the store: taking ten thousand apart and putting them
    /// together again would cost more than everything else.
    private static func answer(_ org: String, _ rows: [HubStatusRow], next: HubStatusRow?) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        func text(_ name: String) throws -> String { String(decoding: try encoder.encode(name), as: UTF8.self) }
        var body = #"{"statuses":["#
        for (index, row) in rows.enumerated() {
            if index > 0 { body += "," }
            body += #"{"node":\#(try text("\(org)/\(row.node)")),"policy":\#(try text("\(org)/\(row.policy)")),"status":\#(row.json)}"#
        }
        body += "]"
        if let next { body += #","next":\#(try text(StatusCursor(node: next.node, policy: next.policy).text))"# }
        return Response(
            status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(string: body + "}")))
    }
}
