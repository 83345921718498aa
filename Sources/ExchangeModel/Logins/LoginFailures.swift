/// Slows down whoever tries secrets of one name: the first few failures are free, then each one makes the next attempt wait longer.
///
/// The wait is bounded and failures are forgotten. A name is slowed down for one address only, so that nobody keeps others out from
/// elsewhere; at one address a right password waits with the wrong ones. Long tokens are judged before and never wait.
package struct LoginFailures: Sendable {
    /// Who tries what.
    package struct Key: Hashable, Sendable {
        /// `org/id` as it was claimed.
        package let name: String
        /// Address of the caller; nil = not known.
        package let source: String?

        /// Memberwise.
        package init(name: String, source: String?) {
            self.name = name
            self.source = source
        }
    }

    private struct Entry: Sendable {
        var count: Int
        var last: ContinuousClock.Instant
    }

    /// How many failures cost nothing.
    package static let freeCount = 5
    /// The longest wait.
    package static let waitMax: Duration = .seconds(30)
    /// How long a failure is remembered.
    package static let memory: Duration = .seconds(300)

    private let firstWait: Duration
    private let entriesMax: Int
    private var entries: [Key: Entry] = [:]

    /// Knows of no failure.
    /// - Parameters:
    ///   - firstWait: After the first failure that is not free; each further one doubles it.
    ///   - entriesMax: How many keys are remembered; the oldest are forgotten first.
    package init(firstWait: Duration = .seconds(1), entriesMax: Int = 10_000) {
        self.firstWait = firstWait
        self.entriesMax = entriesMax
    }

    /// Counts an attempt as a failure until it is ``forgive(_:)``n; attempts that come at once count as well as those that come in turn.
    /// - Returns: nil, or how long this key must wait: then nothing is counted.
    package mutating func admit(_ key: Key, at now: ContinuousClock.Instant) -> Duration? {
        var entry = entries[key] ?? Entry(count: 0, last: now)
        if now - entry.last >= Self.memory { entry = Entry(count: 0, last: now) }
        let rest = wait(after: entry.count) - (now - entry.last)
        if rest > .zero { return rest }
        if entries[key] == nil && entries.count >= entriesMax { makeRoom(at: now) }
        entries[key] = Entry(count: entry.count + 1, last: now)
        return nil
    }

    /// The attempt was right: nothing is held against the key any more.
    package mutating func forgive(_ key: Key) { entries[key] = nil }

    /// The attempt was not judged.
    package mutating func takeBack(_ key: Key) {
        guard let entry = entries[key] else { return }
        entries[key] = entry.count > 1 ? Entry(count: entry.count - 1, last: entry.last) : nil
    }

    /// How long the next attempt waits after so many failures.
    private func wait(after count: Int) -> Duration {
        if count < Self.freeCount { return .zero }
        return min(Self.waitMax, firstWait * (1 << min(count - Self.freeCount, 10)))
    }

    private mutating func makeRoom(at now: ContinuousClock.Instant) {
        entries = entries.filter { now - $0.value.last < Self.memory }
        if entries.count < entriesMax { return }
        if let oldest = entries.min(by: { $0.value.last < $1.value.last })?.key { entries[oldest] = nil }
    }
}
