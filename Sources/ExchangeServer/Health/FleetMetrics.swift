import ExchangeModel
import UpgradeModel

/// What the watch found last, in numbers for `/metrics`: no name of a node is among them, so nobody's name can break the format.
enum FleetMetrics {
    /// The parts of the fleet whose heartbeats are at most as old as is told.
    private static let quantiles: [(label: String, percent: Int)] = [("0.5", 50), ("0.9", 90), ("0.99", 99), ("1", 100)]

    /// Nothing before the first look.
    static func add(_ look: FleetLook?, to lines: inout [String]) {
        guard let look else { return }
        var counts: [NodeHealth.State: Int] = [:]
        for member in look.members { counts[member.health.state, default: 0] += 1 }
        MetricsText.add(
            &lines, "nodes", "gauge", "Registered nodes by state, as the watch found them.",
            NodeHealth.State.allCases.map { ("{state=\"\($0.rawValue)\"}", counts[$0] ?? 0) })
        addAges(look, to: &lines)
        MetricsText.add(&lines, "watch_looks_total", "counter", "Looks at all registered nodes.", [("", look.number)])
        MetricsText.add(&lines, "watch_look_seconds", "gauge", "How long the last look took.", look.took / .seconds(1))
        MetricsText.add(
            &lines, "watch_look_timestamp_seconds", "gauge", "When the last look began, in seconds since 1970.",
            Double(look.began.secondsSinceEpoch))
    }

    private static func addAges(_ look: FleetLook, to lines: inout [String]) {
        let ages = look.members.compactMap(\.node.lastHeartbeat).map { max(0, look.began.duration(since: $0).components.seconds) }
            .sorted()
        let parts = ages.isEmpty ? [] : quantiles
        let sum = ages.reduce(0.0) { $0 + Double($1) }
        MetricsText.add(
            &lines, "heartbeat_age_seconds", "summary", "Ages of the last heartbeats of registered nodes when the last look began.",
            parts.map { ("{quantile=\"\($0.label)\"}", Int(clamping: ages[(ages.count * $0.percent + 99) / 100 - 1])) })
        MetricsText.add(&lines, sample: "heartbeat_age_seconds_sum", sum)
        MetricsText.add(&lines, sample: "heartbeat_age_seconds_count", Double(ages.count))
    }
}
