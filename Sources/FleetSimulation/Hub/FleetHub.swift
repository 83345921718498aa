import ExchangeModel
import Synchronization
import UpgradeModel
import UpgradePorts

/// The exchange of a simulated fleet, in memory, with the exchange's own rules for turns and words; what it can bear is limited.
package final class FleetHub: Sendable {
    static let org = "fleet"

    /// What was asked of it.
    package struct Load: Sendable {
        /// Most in one second.
        package var mostPerSecond = 0
        /// Requests in all.
        package var requests = 0
        /// Bytes of packages in all, as they would be on the wire.
        package var bytes: Int64 = 0
        fileprivate var second = -1
        fileprivate var inSecond = 0
    }

    private struct Watcher {
        var body: (@Sendable (_ node: String, PolicyID, StatusReport) -> Void)?
    }

    private struct OutageWatcher {
        var body: (@Sendable (_ fault: String) -> Void)?
    }

    private let traits: HubTraits
    private let beginning: UTCInstant
    private let timeline: Timeline
    private let tables = Mutex(HubTables())
    private let counted = Mutex(Load())
    /// What it answers instead of anything else.
    private let outage = Mutex<[Int]>([])
    private let watcher = Mutex(Watcher())
    private let bites = Mutex(OutageWatcher())

    init(traits: HubTraits, beginning: UTCInstant, timeline: Timeline) {
        self.traits = traits
        self.beginning = beginning
        self.timeline = timeline
    }

    /// What was asked of it so far.
    package var load: Load { counted.withLock { $0 } }

    /// The right time at an instant of the run.
    func time(at instant: Duration) -> UTCInstant { beginning.adding(instant) }

    /// What it says in `Retry-After`.
    var retryAfter: Duration { traits.retryAfter }

    /// Since the run's beginning.
    var now: Duration { timeline.now }

    /// From now on, or no more, it answers every call with this status.
    func answer(_ status: Int, _ isSo: Bool) {
        outage.withLock { if isSo { $0.append(status) } else if let index = $0.firstIndex(of: status) { $0.remove(at: index) } }
    }

    /// True while it answers nobody.
    var isAway: Bool { outage.withLock { !$0.isEmpty } }

    /// Told each time that an outage is met.
    func watchOutages(_ body: @escaping @Sendable (_ fault: String) -> Void) { bites.withLock { $0.body = body } }

    /// Told each status that was taken in.
    func watch(_ body: @escaping @Sendable (_ node: String, PolicyID, StatusReport) -> Void) { watcher.withLock { $0.body = body } }

    /// Looks at or changes the tables, as an administrator.
    func change<Value: Sendable>(_ body: (inout HubTables) -> Value) -> Value { tables.withLock { body(&$0) } }

    /// One request of a node, if it is answered. Errors: the hub is limited or away.
    func take<Value: Sendable>(
        _ subject: String, _ body: (inout HubTables) throws(TransferFailure) -> Value
    ) throws(TransferFailure) -> Value {
        let isTooMuch = count()
        if let status = outage.withLock({ $0.first }) {
            bites.withLock { $0.body }?("the hub answers \(status)")
            throw FleetHub.refusal(status, subject, retryAfter: [429, 503].contains(status) ? traits.retryAfter : nil)
        }
        if isTooMuch { throw FleetHub.refusal(429, subject, retryAfter: traits.retryAfter) }
        return try tables.withLock { tables throws(TransferFailure) in try body(&tables) }
    }

    /// What the hub has to say after a status was taken in.
    func told(_ node: String, _ policy: PolicyID, _ report: StatusReport) { watcher.withLock { $0.body }?(node, policy, report) }

    /// Bytes went over the wire.
    func sent(_ bytes: Int64) { counted.withLock { $0.bytes += bytes } }

    static func refusal(_ status: Int, _ subject: String, retryAfter: Duration? = nil) -> TransferFailure {
        TransferFailure(.status(status), subject: subject, explanation: "HTTP \(status)", retryAfter: retryAfter)
    }

    private func count() -> Bool {
        let (second, limit) = (timeline.second, traits.requestsPerSecond)
        return counted.withLock { load in
            if load.second != second { (load.second, load.inSecond) = (second, 0) }
            load.inSecond += 1
            load.requests += 1
            load.mostPerSecond = max(load.mostPerSecond, load.inSecond)
            return limit > 0 && load.inSecond > limit
        }
    }
}
