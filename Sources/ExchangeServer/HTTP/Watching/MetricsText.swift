import ExchangeModel

/// The counters in the text form that Prometheus reads.
enum MetricsText {
    private static let prefix = "uplift_exchange_"

    static func text(_ counts: HubMeter.Counts, _ store: HubStoreFigures, _ hashes: SlowHashes.Figures, _ look: FleetLook?) -> String {
        var lines: [String] = []
        add(&lines, "requests_total", "counter", "Requests by route, method and status; 0 = no answer.", requests(counts))
        lines += ["# HELP \(prefix)request_seconds How long requests took.", "# TYPE \(prefix)request_seconds summary"]
        for (route, durations) in counts.durations.sorted(by: { $0.key < $1.key }) {
            lines.append("\(prefix)request_seconds_sum{route=\"\(route)\"} \(seconds(durations.time))")
            lines.append("\(prefix)request_seconds_count{route=\"\(route)\"} \(durations.count)")
        }
        add(&lines, "connections_open", "gauge", "Connections that are open.", [("", counts.openConnections)])
        add(
            &lines, "connections_given_up_total", "counter", "Connections closed because the client was too slow, or silent.",
            ConnectionClock.Reason.allCases.map { ("{reason=\"\($0.rawValue)\"}", counts.givenUp[$0] ?? 0) })
        add(&lines, "logins_refused_total", "counter", "Requests with wrong credentials or none.", [("", counts.refusedLogins)])
        add(&lines, "slow_hashes_total", "counter", "Slow hashes taken into the queue, for logins and new passwords.", [("", hashes.taken)])
        add(&lines, "slow_hashes_waiting", "gauge", "Slow hashes under way or waiting.", [("", hashes.waiting)])
        add(&lines, "uploads_total", "counter", "Uploads of object data that were taken.", [("", counts.uploads)])
        add(&lines, store)
        FleetMetrics.add(look, to: &lines)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func add(_ lines: inout [String], _ store: HubStoreFigures) {
        add(&lines, "store_writes_total", "counter", "Writes that the store has done.", [("", store.writes)])
        add(&lines, "store_commits_total", "counter", "Transactions that they were done in.", [("", store.commits)])
        add(&lines, "store_writes_waiting", "gauge", "Writes that wait for their turn.", [("", store.waiting)])
        lines += ["# HELP \(prefix)store_seconds_total How long the transactions took.", "# TYPE \(prefix)store_seconds_total counter"]
        lines.append("\(prefix)store_seconds_total \(seconds(store.time))")
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }

    private static func requests(_ counts: HubMeter.Counts) -> [(String, Int)] {
        counts.requests.map { key, count in
            ("{route=\"\(key.route)\",method=\"\(key.method)\",status=\"\(key.status)\"}", count)
        }.sorted { $0.0 < $1.0 }
    }

    /// A metric that is one number.
    static func add(_ lines: inout [String], _ name: String, _ kind: String, _ help: String, _ value: Double) {
        add(&lines, name, kind, help, [])
        add(&lines, sample: name, value)
    }

    /// A line of a metric that was begun.
    static func add(_ lines: inout [String], sample name: String, _ value: Double) { lines.append("\(prefix)\(name) \(value)") }

    static func add(_ lines: inout [String], _ name: String, _ kind: String, _ help: String, _ samples: [(String, Int)]) {
        lines += ["# HELP \(prefix)\(name) \(help)", "# TYPE \(prefix)\(name) \(kind)"]
        lines += samples.map { "\(prefix)\(name)\($0.0) \($0.1)" }
    }
}
