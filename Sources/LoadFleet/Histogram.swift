import FleetSimulation

/// Durations, counted in classes that are 3 % wide, so that a day of them takes no more room than a minute.
struct Histogram: Sendable {
    /// Classes for each doubling of microseconds.
    private static let classes = 32

    private var counts: [Int] = []
    private var longest: Duration = .zero

    mutating func add(_ time: Duration) {
        let index = Histogram.index(UInt64(clamping: time.nanoseconds / 1000))
        if index >= counts.count { counts += [Int](repeating: 0, count: index + 1 - counts.count) }
        counts[index] += 1
        longest = max(longest, time)
    }

    var spread: LoadReport.Spread {
        var spread = LoadReport.Spread()
        (spread.count, spread.max) = (counts.reduce(0, +), longest)
        spread.p50 = atMost(0.5, of: spread.count)
        spread.p95 = atMost(0.95, of: spread.count)
        spread.p99 = atMost(0.99, of: spread.count)
        return spread
    }

    private func atMost(_ share: Double, of all: Int) -> Duration {
        let wanted = Int((Double(all) * share).rounded(.up))
        var found = 0
        for (index, count) in counts.enumerated() {
            found += count
            if found >= wanted, found > 0 { return min(longest, .nanoseconds(Int64(Histogram.end(index)) * 1000)) }
        }
        return .zero
    }

    /// Small numbers have a class each; above, a class is a doubling's 32nd part.
    private static func index(_ value: UInt64) -> Int {
        guard value >= UInt64(classes) else { return Int(value) }
        let shift = 63 - value.leadingZeroBitCount - classes.trailingZeroBitCount
        return shift * classes + Int(value >> UInt64(shift))
    }

    /// The largest number of a class.
    private static func end(_ index: Int) -> UInt64 {
        guard index >= 2 * classes else { return UInt64(index) }
        let shift = UInt64(index / classes - 1)
        return (UInt64(index % classes + classes + 1) << shift) - 1
    }
}
