import Synchronization
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// When the hub is spoken to: a poll at each interval, and a growing pause after failures; with what is known of the connection.
final class HubPacing: Sendable {
    /// What a reader may know of the connection.
    struct Contact: Sendable {
        var lastGood: UTCInstant?
        var trouble: String?
        var pattern = ""
        var interval: Duration = .zero
        /// Polls that were answered, and others, since the start.
        var polls = 0
        var failedPolls = 0
    }

    private struct State {
        var contact = Contact()
        var poll: PollRule
        var nextPoll: Duration = .zero
        var nextTry: Duration = .zero
        var failures = 0
        /// Polls without news and without a failure since the last of either.
        var quietPolls = 0
        /// When the node's own records are looked at next.
        var nextUpkeep: Duration = .zero
    }

    /// A single lost call is nothing that anybody must know of.
    private static let failuresOfAnOutage = 3
    private static let upkeepPause: Duration = .seconds(3600)

    private let state: Mutex<State>
    private let clock: any Clock
    private let randomness: any Randomness
    private let settings: Settings

    /// The first poll is due at once.
    init(clock: any Clock, randomness: any Randomness, settings: Settings) {
        self.clock = clock
        self.randomness = randomness
        self.settings = settings
        state = Mutex(State(poll: PollRule(shortest: settings.seconds(.pollInterval), longest: settings.seconds(.pollIntervalMax))))
    }

    /// What is known of the connection.
    var contact: Contact { state.withLock { $0.contact } }

    /// Between two polls. Not by way of `contact`, whose texts would be copied at every poll.
    var interval: Duration { state.withLock { $0.contact.interval } }

    /// The interval since the last poll is over.
    func isPollDue(at now: Duration) -> Bool { state.withLock { now >= $0.nextPoll } }

    /// The pause after the last failure is over.
    func mayTry(at now: Duration) -> Bool { state.withLock { now >= $0.nextTry } }

    /// Until the next poll; with something to do, until the next try. Never nothing, so that a clock that stands still turns no loop.
    func pause(isOwing: Bool) -> Duration {
        let next = state.withLock { isOwing ? $0.nextTry : max($0.nextPoll, $0.nextTry) }
        return max(next - clock.sinceBoot(), .milliseconds(1))
    }

    /// It is time to look after the node's own records: after the start, and then each hour.
    func isUpkeepDue(at now: Duration) -> Bool {
        state.withLock {
            guard now >= $0.nextUpkeep else { return false }
            $0.nextUpkeep = now + HubPacing.upkeepPause
            return true
        }
    }

    /// There is more of that to do than was done: go on after the next poll.
    func upkeepGoesOn() { state.withLock { $0.nextUpkeep = .zero } }

    // MARK: What happened

    /// Somebody is waiting: the pause after a failure is cut short.
    func hurry() { state.withLock { $0.nextTry = .zero } }

    /// A cycle with a poll is over, well or not. True when it was the first of a quiet time.
    func polled() -> Bool {
        let now = clock.sinceBoot()
        return state.withLock {
            if $0.failures == 0 { $0.contact.polls += 1 } else { $0.contact.failedPolls += 1 }
            $0.nextPoll = now + $0.contact.interval
            return $0.quietPolls == 1
        }
    }

    /// The changes were read. More of them are fetched without a pause.
    func looked(at news: HubNews) {
        state.withLock {
            let isQuiet = news.isQuiet && !news.hasMore
            if !news.isFirst { $0.poll.polled(hadNews: !isQuiet) }
            $0.quietPolls = isQuiet && !news.isFirst ? $0.quietPolls + 1 : 0
            $0.contact.interval = news.hasMore ? .zero : $0.poll.interval
        }
    }

    /// The exchange's own intervals hold where it tells them.
    func adopt(_ record: NodeRecord) {
        let fallback = (settings.seconds(.pollInterval), settings.seconds(.pollIntervalMax))
        state.withLock {
            $0.contact.pattern = record.pattern
            $0.poll.adopt(minSeconds: record.pollMin, maxSeconds: record.pollMax, fallback: fallback)
            $0.contact.interval = $0.poll.interval
        }
    }

    /// Everything of a cycle worked.
    /// - Returns: true when that is news: it is the first one, or the hub was away.
    @discardableResult
    func succeeded() -> Bool {
        let now = clock.now()
        return state.withLock {
            let isNews = $0.contact.lastGood == nil || $0.failures >= HubPacing.failuresOfAnOutage
            $0.failures = 0
            $0.nextTry = .zero
            $0.contact.lastGood = now
            $0.contact.trouble = nil
            return isNews
        }
    }

    /// A cycle did not get to its end. The hub's own wish (`Retry-After`) is a lower bound of the pause.
    /// - Returns: true when the hub counts as away from now on.
    @discardableResult
    func failed(_ error: any Error) -> Bool {
        var limits = settings.jobLimits
        limits.retryDelayMax = min(limits.retryDelayMax, .seconds(300))
        let transfer = error as? TransferFailure
        let isRefused = transfer?.kind == .status(401)
        let (now, chance) = (clock.sinceBoot(), randomness.next())
        return state.withLock {
            $0.failures += 1
            $0.quietPolls = 0
            $0.poll.reset()
            $0.contact.interval = $0.poll.interval
            $0.contact.trouble = isRefused ? "credentials refused" : "\(error)"
            $0.nextTry =
                now + RetryRule.delay(failures: $0.failures, retryAfter: transfer?.retryAfter, chance: chance, limits: limits)
            return $0.failures == HubPacing.failuresOfAnOutage
        }
    }
}
