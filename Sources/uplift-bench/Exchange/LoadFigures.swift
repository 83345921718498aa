import FoundationEssentials

/// What `packaging/bench exchange` reads of a measurement.
struct LoadFigures: Encodable {
    /// Good answers a second.
    let perSecond: Double
    /// Milliseconds that half of the answers took at most.
    let p50: Double
    /// Milliseconds that 99 of 100 answers took at most.
    let p99: Double
    /// Good answers.
    let answers: Int
    /// Answers with another status, broken connections.
    let failures: Int
    /// The first of them in words.
    let failure: String?

    /// Of everything that was counted in so many seconds.
    init(_ tally: LoadTally, seconds: Double) {
        let sorted = tally.latencies.sorted()
        func milliseconds(_ part: Double) -> Double {
            sorted.isEmpty ? 0 : Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]) / 1e6
        }
        perSecond = Double(sorted.count) / seconds
        (p50, p99) = (milliseconds(0.5), milliseconds(0.99))
        (answers, failures, failure) = (sorted.count, tally.failures, tally.failure)
    }

    /// One line. Errors: none in practice; the encoder's.
    func json() throws -> String { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
}
