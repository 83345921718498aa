import NIOConcurrencyHelpers

/// Counts what the hub does since its start, for `/metrics`.
final class HubMeter: Sendable {
    /// A line of the counters of requests.
    struct RequestKey: Hashable, Sendable {
        let route: String
        let method: String
        let status: Int
    }

    /// How long the requests of a route took.
    struct Durations: Sendable {
        var count = 0
        var time = Duration.zero
    }

    /// Everything that is counted.
    struct Counts: Sendable {
        var requests: [RequestKey: Int] = [:]
        var durations: [String: Durations] = [:]
        var openConnections = 0
        var givenUp: [ConnectionClock.Reason: Int] = [:]
        var refusedLogins = 0
        var uploads = 0
    }

    private static let methods: Set<String> = ["GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS"]

    private let box = NIOLockedValueBox(Counts())

    var counts: Counts { box.withLockedValue { $0 } }

    func connectionOpened() { box.withLockedValue { $0.openConnections += 1 } }

    func connectionClosed() { box.withLockedValue { $0.openConnections -= 1 } }

    /// Whether so many connections are open that clients should not keep theirs: then all get their turn.
    func isCrowded(_ connectionsMax: Int) -> Bool {
        box.withLockedValue { $0.openConnections > connectionsMax - connectionsMax / 4 }
    }

    func gaveUp(_ reason: ConnectionClock.Reason) { box.withLockedValue { $0.givenUp[reason, default: 0] += 1 } }

    func loginRefused() { box.withLockedValue { $0.refusedLogins += 1 } }

    /// Counts a request that has ended. Unknown methods and paths share one line: a client must not be able to make new ones.
    func count(_ record: RequestRecord, _ facts: RequestRecord.Facts, age: Duration) {
        let method = Self.methods.contains(record.method) ? record.method : "other"
        let key = RequestKey(route: facts.route ?? "none", method: method, status: facts.status)
        box.withLockedValue { counts in
            counts.requests[key, default: 0] += 1
            counts.durations[key.route, default: Durations()].count += 1
            counts.durations[key.route, default: Durations()].time += age
            if method == "PUT", key.route.hasSuffix("/data"), (200..<300).contains(facts.status) { counts.uploads += 1 }
        }
    }
}
