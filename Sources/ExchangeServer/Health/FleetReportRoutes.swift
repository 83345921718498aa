import ExchangeModel
import Hummingbird
import UpgradeWire

/// `admin/fleet/report`: how the registered nodes are. An addition of ours that no client must know.
struct FleetReportRoutes: Sendable {
    let hub: Hub

    var routes: [Route] { [Route(.get, "v1/admin/fleet/report", get)] }

    /// Made from what the watch has found, whenever that was: no node is asked, and nobody is waited for.
    private func get(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        try AccessRule.require(.readFleetReport, of: caller)
        let question = try FleetReportRule.question(call.query, caller: caller)
        let findings = hub.watch.findings
        guard let look = findings.look else {
            throw Refusal.tooMany("the hub has not looked at its nodes yet; its log says why", status: 503, retryAfter: 5)
        }
        // A long report is made on the store's thread: those that answer everybody else stay free.
        return try await hub.store.read { [since = hub.watch.since, now = hub.now()] _ in
            try Reply.json(FleetReportRule.report(look, findings.history, question, since: since, at: now))
        }
    }
}
