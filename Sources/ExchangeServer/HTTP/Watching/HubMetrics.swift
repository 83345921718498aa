import ExchangeModel
import UpgradeWire

/// `GET /metrics` of the hub: what it has done since its start, and how its nodes are.
struct HubMetrics {
    static let prefix = "uplift_exchange_"

    let counts: HubMeter.Counts
    let store: HubStoreFigures
    let hashes: SlowHashes.Figures
    let operations: [SelfReports.OperationKey: Int]
    /// Nil before the first one.
    let look: FleetLook?

    var text: String {
        var text = PrometheusText()
        addRequests(&text)
        addConnections(&text)
        add(&text, "slow_hashes_total", .counter, "Slow hashes taken into the queue, for logins and new passwords.", hashes.taken)
        add(&text, "slow_hashes_waiting", .gauge, "Slow hashes under way or waiting.", hashes.waiting)
        add(&text, "uploads_total", .counter, "Uploads of object data that were taken.", counts.uploads)
        text.add(
            Self.prefix + "node_operations_total", .counter, "Ends of work that nodes told, by activity and type.",
            operations.sorted { ($0.key.activity, $0.key.type) < ($1.key.activity, $1.key.type) }.map {
                .init(Double($1), [("activity", $0.activity), ("type", $0.type)])
            })
        addStore(&text)
        if let look { FleetMetrics.add(look, to: &text) }
        return text.text
    }

    private func addRequests(_ text: inout PrometheusText) {
        let requests = counts.requests.sorted {
            ($0.key.route, $0.key.method, $0.key.status) < ($1.key.route, $1.key.method, $1.key.status)
        }
        text.add(
            Self.prefix + "requests_total", .counter, "Requests by route, method and status; 0 = no answer.",
            requests.map { .init(Double($1), [("route", $0.route), ("method", $0.method), ("status", "\($0.status)")]) })
        text.add(
            Self.prefix + "request_seconds", summary: "How long requests took.",
            counts.durations.sorted { $0.key < $1.key }.map { route, durations in
                .init(sum: durations.time / .seconds(1), count: durations.count, [("route", route)])
            })
    }

    private func addConnections(_ text: inout PrometheusText) {
        add(&text, "connections_open", .gauge, "Connections that are open.", counts.openConnections)
        text.add(
            Self.prefix + "connections_given_up_total", .counter, "Connections closed because the client was too slow, or silent.",
            ConnectionClock.Reason.allCases.map { .init(Double(counts.givenUp[$0] ?? 0), [("reason", $0.rawValue)]) })
        add(&text, "logins_refused_total", .counter, "Requests with wrong credentials or none.", counts.refusedLogins)
    }

    private func addStore(_ text: inout PrometheusText) {
        add(&text, "store_writes_total", .counter, "Writes that the store has done.", store.writes)
        add(&text, "store_commits_total", .counter, "Transactions that they were done in.", store.commits)
        add(&text, "store_writes_waiting", .gauge, "Writes that wait for their turn.", store.waiting)
        text.add(Self.prefix + "store_seconds_total", .counter, "How long the transactions took.", store.time / .seconds(1))
    }

    private func add(_ text: inout PrometheusText, _ name: String, _ kind: PrometheusText.Kind, _ help: String, _ value: Int) {
        text.add(Self.prefix + name, kind, help, Double(value))
    }
}
