import Synchronization
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Everything between this node and the exchange, on one thread: poll, evaluate, take in resets, send what is owed. Policies and statuses are
/// read before anything is sent, so that a reset that waits at the exchange is never overwritten. Source: install.md, "Requests meanwhile".
final class HubCycle: Sendable {
    private let pacing: HubPacing
    private let evaluation: Evaluation
    private let statuses: StatusWatch
    private let closing = Flag()
    /// Held for a whole cycle, and by whoever must not meet one.
    private let turn = Mutex(())
    /// Rung to wake the loop.
    let bell: any Bell
    /// Tells the hub of the node itself what it wants to hear. Errors: the store's.
    typealias Teller = @Sendable (_ wanted: Set<SelfReportPart>, any ExchangeClient, HubPacing.Contact) throws -> Void

    private let engine: Engine
    private let clock: any Clock
    private let signs: any LifeSigns
    private let memory: any ResidentMemory
    private let client: @Sendable () -> (any ExchangeClient)?
    private let cycled: @Sendable (_ isQuiet: Bool) -> Void
    private let upkeep: @Sendable () -> Bool
    private let tell: Teller

    /// - Parameters:
    ///   - client: a client of the present registration; nil while there is none.
    ///   - cycled: called after each cycle; a quiet one changed nothing that the engine knows.
    ///   - tell: after a poll that went well, whatever the hub wants.
    ///   - upkeep: looks after the node's own records now and then, beside a poll; true = there is more to do.
    init(
        engine: Engine, threads: any Threads, clock: any Clock, randomness: any Randomness, settings: Settings, machine: MachineProperties,
        signs: any LifeSigns, memory: any ResidentMemory, client: @escaping @Sendable () -> (any ExchangeClient)?,
        cycled: @escaping @Sendable (_ isQuiet: Bool) -> Void, upkeep: @escaping @Sendable () -> Bool = { false },
        tell: @escaping Teller = { _, _, _ in }
    ) {
        self.engine = engine
        self.clock = clock
        self.signs = signs
        self.memory = memory
        self.client = client
        self.cycled = cycled
        self.upkeep = upkeep
        self.tell = tell
        pacing = HubPacing(clock: clock, randomness: randomness, settings: settings)
        evaluation = Evaluation(
            engine: engine, machine: machine, hardwareID: Ticket(high: randomness.next(), low: randomness.next()).text)
        statuses = StatusWatch(engine: engine)
        bell = threads.makeBell()
    }

    /// What is known of the connection.
    var contact: HubPacing.Contact { pacing.contact }

    /// True until the policies have been read again: nothing is started on terms that may be old.
    var isEvaluationPending: Bool { evaluation.isPending }

    /// Something is owed or must be looked at: do not wait for the next poll.
    func wake(evaluate: Bool = false) {
        if evaluate {
            evaluation.ask()
            statuses.ask()
            pacing.hurry()
        }
        bell.ring()
    }

    /// Ends the thread.
    func close() {
        closing.set()
        bell.ring()
    }

    /// A cycle, if it is time for one.
    func step() -> LoopStep {
        guard !closing.isSet else { return .over }
        let now = clock.sinceBoot()
        let isPoll = pacing.isPollDue(at: now)
        if mayAsk, isPoll || isOwing, pacing.mayTry(at: now) {
            cycle(poll: isPoll, at: now)
            if isPoll, pacing.polled() { memory.giveBack() }
            if isPoll, pacing.isUpkeepDue(at: now), upkeep() { pacing.upkeepGoesOn() }
        }
        // Without a registration or on trial until somebody rings.
        let pause = mayAsk ? pacing.pause(isOwing: isOwing) : nil
        signs.alive(nextWithin: pause.map { max($0, pacing.interval) })
        return .wait(atMost: pause)
    }

    private var mayAsk: Bool { client() != nil && !engine.isRestricted }

    /// What must wait for an installer is no reason to hurry.
    private var isOwing: Bool {
        guard !evaluation.isPending else { return true }
        guard engine.isOwing else { return false }
        let withheld = evaluation.withheld
        return engine.outbox.contains { !withheld.contains($0.policy) }
    }

    /// Runs something while no cycle is under way: nobody may forget the registration in the middle of one.
    func alone<Value: Sendable>(_ body: () throws -> Value) rethrows -> Value {
        try turn.withLock { _ in try body() }
    }

    private func cycle(poll: Bool, at start: Duration) {
        alone {
            // The registration may have gone while we waited for our turn.
            if let client = client() { cycle(client, poll: poll, at: start) }
        }
    }

    /// What the hub wants is read, resets are taken in, what is owed is sent, and only then is acted on what was read: a policy that was
    /// disabled during a trial still hears how it ended.
    private func cycle(_ client: any ExchangeClient, poll: Bool, at start: Duration) {
        var isQuiet = false
        do {
            let news = poll ? try look(client) : nil
            let hasNews = news.map { !$0.isQuiet } ?? false
            let (wishes, standing) = try read(client)
            // Reporting never holds an outcome up: what cannot be sent now only keeps its own policy's row.
            var trouble = try send(client)
            if let wishes {
                try evaluation.decide(wishes, keeping: trouble == nil ? [] : Set(engine.outbox.map(\.policy)))
            }
            if let standing, trouble == nil { try statuses.removeUnknown(standing, client) }
            if wishes != nil, trouble == nil { trouble = try send(client) }
            if let trouble { throw trouble }
            if poll, engine.hasHandedOver { TurnRequest.renew(client, engine.snapshot) }
            if let news { try tell(news.wanted, client, contact) }
            if pacing.succeeded() || hasNews { record(start, .completed, hasNews ? "the hub has news" : "the hub answers") }
            isQuiet = wishes == nil && standing == nil
        } catch {
            if pacing.failed(error) { record(start, .exception, "\(error)") }
        }
        cycled(isQuiet)
    }

    /// Only what is news is written: an idle poll costs no write to the disk. A record that cannot be written is not worth a failed cycle; the
    /// step that comes next says what is wrong with the store.
    private func record(_ start: Duration, _ stage: Operation.Stage, _ details: String) {
        let now = clock.now()
        let begun = now.adding(start - clock.sinceBoot())
        let id = "poll-\(begun.rfc3339(fractionDigits: 9))"
        try? engine.record([.operation(Operation(id: id, .poll, begun: begun, at: now, stage, details))])
    }

    /// What the hub wants of this node, if that is asked for, and what stands there of it.
    private func read(_ client: any ExchangeClient) throws -> (Evaluation.Wishes?, [PolicyID: Status?]?) {
        if !evaluation.isPending {
            let standing = try statuses.read(client)
            guard let standing, statuses.misses(standing) else { return (nil, standing) }
            evaluation.ask()
        }
        let wishes = try evaluation.read(client)
        pacing.adopt(wishes.record)
        try evaluation.forgetReplaced(wishes)
        return (wishes, try statuses.read(client))
    }

    /// What changed since the last look.
    private func look(_ client: any ExchangeClient) throws -> HubNews {
        let news: HubNews
        do { news = try HubNews.look(client, engine) } catch let error as StoreError {
            // What was read may count as seen, and nobody has looked at it.
            evaluation.ask()
            statuses.ask()
            throw error
        }
        if news.mustEvaluate { evaluation.ask() }
        if news.mustReadStatuses { statuses.ask() }
        pacing.looked(at: news)
        return news
    }

    /// What kept something from being sent, if it may pass.
    private func send(_ client: any ExchangeClient) throws -> TransferFailure? {
        if engine.isOwing {
            let round = try Outbox(client: client, engine: engine, clock: clock).drain(withholding: evaluation.withheld)
            if let trouble = round.trouble { return trouble }
        }
        evaluation.allIsSent()
        return nil
    }
}
