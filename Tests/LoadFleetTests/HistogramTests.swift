import FleetSimulation
import Testing

@testable import LoadFleet

/// How latencies are counted.
@Suite struct HistogramTests {
    @Test func `shares are within four percent, and the longest is exact`() {
        var histogram = Histogram()
        for number in 1...10_000 { histogram.add(.microseconds(number * 7)) }
        let spread = histogram.spread
        #expect(spread.count == 10_000 && spread.max == .microseconds(70_000))
        for (found, exact) in [(spread.p50, 35_000.0), (spread.p95, 66_500), (spread.p99, 69_300)] {
            let share = found / .microseconds(1) / exact
            #expect(share >= 1 && share < 1.04, "\(found), expected about \(exact) µs")
        }
    }

    @Test func `one of anything is all of them, and nothing is nothing`() {
        for microseconds in [0, 1, 31, 32, 63, 64, 65, 1_000_003] {
            var histogram = Histogram()
            histogram.add(.microseconds(microseconds))
            #expect(histogram.spread.p50 == .microseconds(microseconds) && histogram.spread.p99 == histogram.spread.max)
        }
        #expect(Histogram().spread.p99 == .zero)
    }
}
