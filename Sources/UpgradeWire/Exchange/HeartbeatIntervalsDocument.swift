/// How often a node polls the exchange, as a node or its org may set it. Zero means "not set here". Source: contract 1.2, 1.6.
package struct HeartbeatIntervalsDocument: Codable, Hashable, Sendable {
    /// Shortest pause between two polls. Seconds; 0 = not set.
    package var minInterval: Int
    /// Longest pause between two polls. Seconds; 0 = not set.
    package var maxInterval: Int
    /// By how much the pause grows. Seconds; 0 = not set.
    package var intervalAdjustment: Int

    private enum CodingKeys: String, CodingKey { case minInterval, maxInterval, intervalAdjustment }

    /// Everything defaults to "not set".
    package init(minInterval: Int = 0, maxInterval: Int = 0, intervalAdjustment: Int = 0) {
        self.minInterval = minInterval
        self.maxInterval = maxInterval
        self.intervalAdjustment = intervalAdjustment
    }

    /// Absent keys mean "not set".
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        minInterval = try container.read(.minInterval, or: 0)
        maxInterval = try container.read(.maxInterval, or: 0)
        intervalAdjustment = try container.read(.intervalAdjustment, or: 0)
    }
}
