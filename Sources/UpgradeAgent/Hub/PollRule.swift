import UpgradeModel

/// How long until the next poll: the shortest interval, stretched by quiet polls. Source: contract 1.6; node before org before settings.
package struct PollRule: Hashable, Sendable {
    private var shortest: Duration
    private var longest: Duration
    private var quiet = 0
    private(set) var interval: Duration

    /// The settings' intervals, until the exchange tells others.
    package init(shortest: Duration, longest: Duration) {
        self.shortest = shortest
        self.longest = max(longest, shortest)
        interval = shortest
    }

    /// The exchange's own intervals; 0 = not told.
    package mutating func adopt(minSeconds: Int, maxSeconds: Int, fallback: (shortest: Duration, longest: Duration)) {
        shortest = minSeconds > 0 ? .seconds(min(minSeconds, 86_400)) : fallback.shortest
        longest = max(maxSeconds > 0 ? .seconds(min(maxSeconds, 86_400)) : fallback.longest, shortest)
        interval = min(max(interval, shortest), longest)
    }

    /// A poll that succeeded. News or work bring the shortest interval back; after enough quiet polls it grows by one shortest interval.
    package mutating func polled(hadNews: Bool) {
        guard !hadNews else { return reset() }
        quiet += 1
        guard interval * quiet >= longest else { return }
        quiet = 0
        interval = min(interval + shortest, longest)
    }

    /// Something happened: poll often again.
    package mutating func reset() {
        quiet = 0
        interval = shortest
    }
}
