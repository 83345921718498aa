import UpgradeModel
import UpgradePorts
import UpgradeWire

/// `GET /ping`, `GET /getStatus` and `GET /metrics`. Source: seed `dataone-uc10-mn-status-reports.rst`.
extension LocalRoutes {
    func ping() -> LocalResponse { .json(200, parts.health.ping) }

    func health() -> LocalResponse { .json(200, parts.health.document(parts.hub.contact)) }

    func metrics() -> LocalResponse {
        let age = parts.hub.contact.lastGood.map { max(0, parts.ports.clock.now().duration(since: $0) / .seconds(1)) }
        let metrics = AgentMetrics(
            health: parts.health.document(parts.hub.contact), counts: parts.engine.surroundings.meter.now,
            counters: parts.engine.snapshot.counters, contactAge: age)
        return LocalResponse(200, body: Array(metrics.text.utf8), contentType: PrometheusText.contentType)
    }
}
