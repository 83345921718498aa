/// Notices that too few bytes came for too long, exact to an eighth of the window, so that windows below a second work.
///
/// libcurl's own rule knows whole seconds only and averages over several of them.
struct LowSpeedMeter: Sendable {
    /// Slices that a window has.
    static let slices = 8

    private let bytesMin: Double
    private let slice: Duration
    private var counts: [Double] = []
    private var current = 0.0
    private var sliceEnd: Duration

    /// `start` and every later time is on one monotonic clock.
    init(bytesPerSecond: Double, window: Duration, start: Duration) {
        let positive = max(window, .milliseconds(1))
        bytesMin = bytesPerSecond * (positive / .seconds(1))
        slice = positive / Self.slices
        sliceEnd = start + slice
    }

    /// How often `isTooSlow` should be asked.
    var tick: Duration { slice }

    /// Bytes came.
    mutating func add(_ bytes: Int) { current += Double(bytes) }

    /// The consumer, not the network, held things up for this long.
    mutating func leaveOut(_ duration: Duration) { sliceEnd += duration }

    /// The whole last window brought fewer bytes than asked for.
    mutating func isTooSlow(at now: Duration) -> Bool {
        while now >= sliceEnd {
            counts.append(current)
            if counts.count > Self.slices { counts.removeFirst() }
            current = 0
            sliceEnd += slice
            if counts.count == Self.slices, counts.reduce(0, +) < bytesMin { return true }
        }
        return false
    }
}
