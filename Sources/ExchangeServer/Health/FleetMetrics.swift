import ExchangeModel
import UpgradeModel
import UpgradeWire

/// What the watch found last, in numbers for `/metrics`: no name of a node is among them, so they are few however large the fleet is.
enum FleetMetrics {
    /// The parts of the fleet whose heartbeats are at most as old as is told.
    private static let quantiles: [(part: String, percent: Int)] = [("0.5", 50), ("0.9", 90), ("0.99", 99), ("1", 100)]

    static func add(_ look: FleetLook, to text: inout PrometheusText) {
        var counts: [NodeHealth.State: Int] = [:]
        for member in look.members { counts[member.health.state, default: 0] += 1 }
        text.add(
            HubMetrics.prefix + "nodes", .gauge, "Registered nodes by state, as the watch found them.",
            NodeHealth.State.allCases.map { .init(Double(counts[$0] ?? 0), [("state", $0.rawValue)]) })
        text.add(
            HubMetrics.prefix + "heartbeat_age_seconds",
            summary: "Ages of the last heartbeats of registered nodes when the last look began.", [ages(look)])
        text.add(HubMetrics.prefix + "watch_looks_total", .counter, "Looks at all registered nodes.", Double(look.number))
        text.add(HubMetrics.prefix + "watch_look_seconds", .gauge, "How long the last look took.", look.took / .seconds(1))
        text.add(
            HubMetrics.prefix + "watch_look_timestamp_seconds", .gauge, "When the last look began, in seconds since 1970.",
            Double(look.began.secondsSinceEpoch))
    }

    private static func ages(_ look: FleetLook) -> PrometheusText.Series {
        let ages = look.members.compactMap(\.node.lastHeartbeat).map { max(0, look.began.duration(since: $0).components.seconds) }
            .sorted()
        let parts = ages.isEmpty ? [] : quantiles
        return PrometheusText.Series(
            sum: ages.reduce(0) { $0 + Double($1) }, count: ages.count,
            quantiles: parts.map { ($0.part, Double(ages[(ages.count * $0.percent + 99) / 100 - 1])) })
    }
}
