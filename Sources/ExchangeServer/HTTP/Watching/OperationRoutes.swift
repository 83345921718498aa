import ExchangeModel
import HTTPTypes
import Hummingbird
import Logging
import UpgradeWire

/// `/health` and `/metrics`: for whoever runs the hub, without credentials.
struct OperationRoutes: Sendable {
    let hub: Hub
    let meter: HubMeter
    /// Whether clients on other machines see them too.
    let isPublic: Bool

    var routes: [Route] { [Route(.get, "health", health), Route(.get, "metrics", metrics)] }

    private func metrics(_ call: Call) async throws -> Response {
        try check(call)
        let metrics = HubMetrics(
            counts: meter.counts, store: hub.store.figures, hashes: hub.identities.hashFigures,
            operations: hub.selfReports.operations, look: hub.watch.findings.look)
        var response = Reply.text(metrics.text)
        response.headers[.contentType] = PrometheusText.contentType
        return response
    }

    /// A sign of life that the store takes part in. After a write that the disk refused it tries another: nobody else may come to do so.
    private func health(_ call: Call) async throws -> Response {
        try check(call)
        do {
            guard try hub.store.lookUp({ try $0.org("root") != nil }) else {
                throw ServeFailure("the org root is not in the database")
            }
            if hub.store.figures.isFailing { try await hub.store.write { try $0.probe() } }
            return Reply.text("ok\n")
        } catch {
            hub.logger.error("not healthy", metadata: ["error": "\(error)"])
            return Reply.text("the store does not answer; the log says why\n", status: .serviceUnavailable)
        }
    }

    private func check(_ call: Call) throws {
        if !isPublic && !call.record.isLocal { throw Refusal.notFound("unrecognized route") }
    }
}
