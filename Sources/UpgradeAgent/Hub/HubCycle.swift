import Synchronization
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Everything between this node and the exchange, on one thread: poll, evaluate, take in resets, send what is owed. Policies and statuses are
/// read before anything is sent, so that a reset that waits at the exchange is never overwritten. Source: install.md, "Requests meanwhile".
final class HubCycle: Sendable {
    /// What a reader may know of the connection.
    struct Contact: Sendable {
        var lastGood: UTCInstant?
        var trouble: String?
        var pattern = ""
        var interval: Duration = .zero
    }

    private struct State {
        var contact = Contact()
        var poll: PollRule
        /// Evaluations asked for and done: one that is asked for in the middle of another is not lost.
        var evaluationsWanted = 1
        var evaluationsDone = 0
        /// A policy should have vanished while words of it were still owed: looked at again once they are sent.
        var mustDecideAgain = false
        var mustEvaluate: Bool { evaluationsWanted != evaluationsDone }
        var mustReadStatuses = true
        /// Resets that were taken in and still stand at the exchange, because nothing was sent over them yet.
        var resetsTaken: Set<PolicyID> = []
        var nextTry: Duration = .zero
        var failures = 0
        var closing = false
    }

    private let state: Mutex<State>
    /// Held for a whole cycle, and by whoever must not meet one.
    private let turn = Mutex(())
    private let bell: any Bell
    private let engine: Engine
    private let clock: any Clock
    private let randomness: any Randomness
    private let settings: Settings
    private let client: @Sendable () -> (any ExchangeClient)?
    private let happened: @Sendable () -> Void

    /// - Parameters:
    ///   - client: a client of the present registration; nil while there is none.
    ///   - happened: rung after the engine took something in.
    init(
        engine: Engine, threads: any Threads, clock: any Clock, randomness: any Randomness, settings: Settings,
        client: @escaping @Sendable () -> (any ExchangeClient)?, happened: @escaping @Sendable () -> Void
    ) {
        self.engine = engine
        self.clock = clock
        self.randomness = randomness
        self.settings = settings
        self.client = client
        self.happened = happened
        bell = threads.makeBell()
        state = Mutex(State(poll: PollRule(shortest: settings.seconds(.pollInterval), longest: settings.seconds(.pollIntervalMax))))
    }

    /// What is known of the connection.
    var contact: Contact { state.withLock { $0.contact } }

    /// True until the policies have been read again: nothing is started on terms that may be old.
    var isEvaluationPending: Bool { state.withLock { $0.mustEvaluate } }

    /// Something is owed or must be looked at: do not wait for the next poll.
    func wake(evaluate: Bool = false) {
        state.withLock {
            if evaluate {
                $0.evaluationsWanted += 1
                $0.mustReadStatuses = true
                $0.nextTry = .zero
            }
        }
        bell.ring()
    }

    /// Ends the thread.
    func close() {
        state.withLock { $0.closing = true }
        bell.ring()
    }

    /// The thread's body.
    func run() {
        var nextPoll: Duration = .zero
        while !state.withLock({ $0.closing }) {
            let now = clock.sinceBoot()
            let (mustEvaluate, nextTry) = state.withLock { ($0.mustEvaluate, $0.nextTry) }
            let hasWork = now >= nextPoll || mustEvaluate || !engine.snapshot.outbox.isEmpty
            if client() != nil, !engine.snapshot.isRestricted, hasWork, now >= nextTry {
                let isPoll = now >= nextPoll
                cycle(poll: isPoll)
                if isPoll { nextPoll = clock.sinceBoot() + state.withLock { $0.contact.interval } }
            }
            bell.wait(atMost: pause(until: nextPoll))
        }
    }

    /// Until the next poll, or the next try after a failure; without a registration or on trial until somebody rings.
    private func pause(until nextPoll: Duration) -> Duration? {
        guard client() != nil, !engine.snapshot.isRestricted else { return nil }
        let (nextTry, mustEvaluate) = state.withLock { ($0.nextTry, $0.mustEvaluate) }
        let isOwing = mustEvaluate || !engine.snapshot.outbox.isEmpty
        let next = isOwing ? nextTry : max(nextPoll, nextTry)
        return max(next - clock.sinceBoot(), .milliseconds(1))
    }

    /// Runs something while no cycle is under way: nobody may forget the registration in the middle of one.
    func alone<Value: Sendable>(_ body: () throws -> Value) rethrows -> Value {
        try turn.withLock { _ in try body() }
    }

    private func cycle(poll: Bool) {
        alone {
            // The registration may have gone while we waited for our turn.
            if let client = client() { cycle(client, poll: poll) }
        }
    }

    /// What the hub wants is read, resets are taken in, what is owed is sent, and only then is acted on what was read: a policy that was
    /// disabled during a trial still hears how it ended.
    private func cycle(_ client: any ExchangeClient, poll: Bool) {
        do {
            if poll { try look(client) }
            let found = state.withLock({ $0.mustEvaluate }) ? try read(client) : nil
            let mustRead = state.withLock { $0.mustReadStatuses }
            let statuses = mustRead || !engine.snapshot.outbox.isEmpty ? try client.statuses() : nil
            if let statuses { takeIn(resets: Set(statuses.filter { $0.value == .some(.reset) }.keys)) }
            // Reporting never holds an outcome up: what cannot be sent now only keeps its own policy's row.
            var trouble = try send(client)
            if let found { try decide(found, keeping: trouble == nil ? [] : Set(engine.snapshot.outbox.map(\.policy))) }
            if let statuses, trouble == nil { try removeUnknown(statuses, client) }
            if found != nil, trouble == nil { trouble = try send(client) }
            if let trouble { throw trouble }
            state.withLock {
                $0.failures = 0
                $0.nextTry = .zero
                $0.contact.lastGood = clock.now()
                $0.contact.trouble = nil
            }
        } catch {
            failed(error)
        }
        happened()
    }

    private func failed(_ error: any Error) {
        var limits = settings.jobLimits
        limits.retryDelayMax = min(limits.retryDelayMax, .seconds(300))
        let transfer = error as? TransferFailure
        let isRefused = transfer?.kind == .status(401)
        state.withLock {
            $0.failures += 1
            $0.poll.reset()
            $0.contact.interval = $0.poll.interval
            $0.contact.trouble = isRefused ? "credentials refused" : "\(error)"
            let delay = RetryRule.delay(
                failures: $0.failures, retryAfter: transfer?.retryAfter, chance: randomness.next(), limits: limits)
            $0.nextTry = clock.sinceBoot() + delay
        }
    }

    // MARK: Reading

    private func look(_ client: any ExchangeClient) throws {
        guard let text = engine.snapshot.keys[.nextChange], let next = Int64(text) else {
            let newest = try client.maxChangeID()
            try engine.record([.set(.nextChange, String(newest))])
            _ = try client.changes(from: newest)
            return state.withLock {
                $0.evaluationsWanted += 1
                $0.contact.interval = $0.poll.interval
            }
        }
        let page = try client.changes(from: next)
        if page.next != next { try engine.record([.set(.nextChange, String(page.next))]) }
        let news = page.resources.intersection(["mgmtpolicy", "nodepolicies", "node", "org", "agentfileversion", "nodemgmtpolstatus"])
        state.withLock {
            if !news.isDisjoint(with: ["mgmtpolicy", "nodepolicies", "node", "org"]) { $0.evaluationsWanted += 1 }
            if news.contains("nodemgmtpolstatus") { $0.mustReadStatuses = true }
            $0.poll.polled(hadNews: !news.isEmpty || page.hasMore)
            $0.contact.interval = page.hasMore ? .zero : $0.poll.interval
        }
    }

    /// What kept something from being sent, if it may pass.
    private func send(_ client: any ExchangeClient) throws -> TransferFailure? {
        let round = try Outbox(client: client, engine: engine, clock: clock).drain()
        state.withLock {
            $0.resetsTaken.subtract(round.policies)
            if round.trouble == nil, $0.mustDecideAgain {
                $0.mustDecideAgain = false
                $0.evaluationsWanted += 1
            }
        }
        return round.trouble
    }

    /// What the hub wants of this node, as read in one go.
    private struct Wishes {
        let policies: [NodeManagementPolicy]
        let node: NodePolicy.Part
        let pattern: String
        /// Which evaluation this answers.
        let evaluation: Int
    }

    private func read(_ client: any ExchangeClient) throws -> Wishes {
        let evaluation = state.withLock { $0.evaluationsWanted }
        let record = try client.node()
        let policy = try client.nodePolicy()
        let policies = try client.policies()
        adopt(record)
        return Wishes(
            policies: policies, node: EffectivePolicyRule.effective(policy), pattern: record.pattern, evaluation: evaluation)
    }

    private func decide(_ wishes: Wishes, keeping owed: Set<PolicyID>) throws {
        try decide(wishes.policies, wishes.node, pattern: wishes.pattern, keeping: owed)
        state.withLock { $0.evaluationsDone = wishes.evaluation }
    }

    private func adopt(_ record: NodeRecord) {
        let fallback = (settings.seconds(.pollInterval), settings.seconds(.pollIntervalMax))
        state.withLock {
            $0.contact.pattern = record.pattern
            $0.poll.adopt(minSeconds: record.pollMin, maxSeconds: record.pollMax, fallback: fallback)
            $0.contact.interval = $0.poll.interval
        }
    }

    /// - Parameter owed: policies whose words could not be sent; their rows stay, so that no word is lost.
    private func decide(_ policies: [NodeManagementPolicy], _ node: NodePolicy.Part, pattern: String, keeping owed: Set<PolicyID>) throws {
        var reasons: [PolicyID: String] = [:]
        for gone in engine.snapshot.jobs.keys { reasons[gone] = "the policy was deleted" }
        for policy in policies {
            reasons[policy.id] = obstacle(policy, node, pattern)
            guard reasons[policy.id] == nil else { continue }
            let terms = JobTerms(
                manifest: policy.manifest, allowDowngrade: policy.allowDowngrade, start: policy.start,
                startWindow: policy.startWindowSeconds)
            try engine.handle(policy.id, .matched(terms, lastUpdated: policy.lastUpdated))
        }
        for (policy, reason) in reasons.sorted(by: { $0.key < $1.key }) where engine.snapshot.jobs[policy] != nil {
            if owed.contains(policy) {
                state.withLock { $0.mustDecideAgain = true }
            } else {
                try engine.handle(policy, .unmatched(reason: reason))
            }
        }
    }

    private func obstacle(_ policy: NodeManagementPolicy, _ node: NodePolicy.Part, _ pattern: String) -> String? {
        guard policy.enabled else { return "the policy is disabled" }
        switch MatchRule.verdict(policy: policy, node: node, nodePattern: pattern) {
        case .matches: return nil
        case .doesNotMatch: return "the policy does not match this node any more"
        }
    }

    /// Each reset counts once, however long it is seen: a node that cannot send would begin anew at every look.
    private func takeIn(resets: Set<PolicyID>) {
        let known = state.withLock {
            $0.resetsTaken.formIntersection(resets)
            return $0.resetsTaken
        }
        for policy in resets.subtracting(known) where engine.snapshot.jobs[policy] != nil {
            guard (try? engine.reset([policy])) != nil else { continue }
            state.withLock { _ = $0.resetsTaken.insert(policy) }
        }
    }

    /// Statuses of policies that this node does not know are removed at the exchange.
    private func removeUnknown(_ statuses: [PolicyID: Status?], _ client: any ExchangeClient) throws {
        state.withLock { $0.mustReadStatuses = false }
        let owed = Set(engine.snapshot.outbox.map(\.policy))
        for policy in statuses.keys.sorted() where engine.snapshot.jobs[policy] == nil && !owed.contains(policy) {
            try client.deleteStatus(policy)
        }
    }
}
