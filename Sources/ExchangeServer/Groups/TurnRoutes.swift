import ExchangeModel
import Hummingbird
import UpgradeModel
import UpgradeWire

/// The agbot's gate: one member of a high-availability group at a time is upgraded. Below the hub's root, as `HZN_AGBOT_URL`. Source:
/// contract 1.7; who has the turn can be asked for, and an administrator can take it away (additions of ours).
struct TurnRoutes: Sendable {
    let hub: Hub

    var routes: [Route] {
        let turn = "org/{org}/hagroup/{group}/nodemanagement"
        return [Route(.post, turn + "/{node}/{policy}", post), Route(.get, turn, get), Route(.delete, turn, delete)]
    }

    private func post(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, group, node, policy) = (
            call.parameter("org"), call.parameter("group"), call.parameter("node"), call.parameter("policy")
        )
        guard caller == Caller(org: org, id: node, role: .node) else {
            return try Self.reply(.badRequest, "the credentials are those of '\(caller.name)', the path is about node '\(org)/\(node)'")
        }
        let answer = try await hub.store.write { [now = hub.now()] tables -> TurnRule.Answer? in
            guard try tables.node(org, node)?.document.haGroup == group, try tables.hasManagementPolicy(org, policy) else { return nil }
            let turn = try tables.turn(org, group)
            let answer = TurnRule.answer(
                node: node, policy: policy, turn: turn, lastSeen: try turn.flatMap { try Self.lastSeen(org, $0, tables) }, now: now)
            if case .granted(let turn) = answer { try tables.putTurn(org, group, turn) }
            return answer
        }
        switch answer {
        case .granted: return try Self.reply(.created, "")
        case .taken(let turn): return try Self.reply(.conflict, "node '\(turn.node)' has the turn, for policy '\(turn.policy)'")
        case nil: return try Self.reply(.badRequest, "node '\(org)/\(node)' is not in group '\(group)', or there is no policy '\(policy)'")
        }
    }

    private func get(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, group) = (call.parameter("org"), call.parameter("group"))
        try AccessRule.require(.readNodeGroups(org: org), of: caller)
        let now = hub.now()
        let document = try hub.store.lookUp { tables -> TurnDocument? in
            guard let turn = try tables.turn(org, group) else { return nil }
            let seen = try Self.lastSeen(org, turn, tables)
            if TurnRule.isOver(turn, lastSeen: seen, now: now) { return nil }
            return TurnDocument(
                node: turn.node, policy: turn.policy, granted: turn.granted.rfc3339(),
                lastSeen: max(turn.renewed, seen ?? turn.renewed).rfc3339())
        }
        guard let document else { throw Refusal.notFound("nobody has the turn of group '\(org)/\(group)'") }
        return try Reply.json(document)
    }

    private func delete(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let (org, group) = (call.parameter("org"), call.parameter("group"))
        try AccessRule.require(.writeManagementPolicies(org: org), of: caller)
        let wasTaken = try await hub.store.write { try $0.deleteTurn(org, group) }
        if !wasTaken { throw Refusal.notFound("nobody has the turn of group '\(org)/\(group)'") }
        return Reply.noContent
    }

    /// The holder's heartbeat, for agents that do not renew; it says nothing of a job that is not under way any more.
    private static func lastSeen(_ org: String, _ turn: Turn, _ tables: any HubReading) throws -> UTCInstant? {
        let status = try tables.managementStatuses(org, turn.node, policy: turn.policy)[turn.policy]
        guard let word = StatusWord.status(status?.agentUpgradePolicyStatus.status ?? ""), word != .rollbackFailed, !TurnRule.ends(word)
        else { return nil }
        return try tables.node(org, turn.node)?.document.lastHeartbeat.flatMap { UTCInstant(rfc3339: $0) }
    }

    /// The agbot's own form: the code is the status.
    private static func reply(_ status: HTTPResponse.Status, _ message: String) throws -> Response {
        try Reply.json(ErrorDocument(code: String(status.code), msg: message), status: status)
    }
}
