import Logging
import Synchronization
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// The thread that moves jobs on: it carries out committed effects, takes in answers and journal records, and wakes jobs at their time. Idle
/// it sleeps until the next of those; while an installer has a job it looks at the journal once a second.
final class Mind: Sendable {
    let ports: AgentPorts
    let engine: Engine
    private let deeds: Deeds
    private let worker: Worker
    let hub: HubCycle
    private let procedures: Procedures
    private let offers = OfferTimes()
    private let alarms: Mutex<Alarms>
    let journals: JournalWatch
    let pruning: ReleasePruning
    /// Old releases are looked at after each start and each outcome.
    let mustPrune = Mutex(true)
    /// Folders that nobody owns are looked for from each start on, until all are gone: a memory that was begun anew during a trial does not know
    /// the attempt that ends with it.
    let mustClear = Mutex(true)
    /// What did not work in the last turn, and is tried again first.
    private let unfinished = Mutex<[Deeds.Deed]>([])

    init(ports: AgentPorts, engine: Engine, deeds: Deeds, worker: Worker, hub: HubCycle, procedures: Procedures) {
        self.ports = ports
        self.engine = engine
        self.deeds = deeds
        self.worker = worker
        self.hub = hub
        self.procedures = procedures
        alarms = Mutex(Alarms(limits: procedures.settings.jobLimits))
        journals = JournalWatch(tree: ports.state, engine: engine, log: ports.log)
        let settings = procedures.settings
        pruning = ReleasePruning(
            tree: ports.state, locks: ports.locks, kept: Int(settings.number(.releasesKept)),
            bytesMax: Int64(settings.number(.releasesBytesMax)))
    }

    /// What a new process must know before anything else: the journals first, then every job hears of the restart, then folders that nobody
    /// owns any more go.
    func wakeUp() throws {
        try readJournals()
        for policy in engine.snapshot.jobs.keys.sorted() { try engine.handle(policy, .restarted) }
        clear()
    }

    /// Everything that there is to do now.
    func step() -> LoopStep {
        var failed: [Deeds.Deed] = []
        for deed in unfinished.withLock({ $0 }) + deeds.take() {
            do { try carryOut(deed) } catch {
                ports.log.warning("cannot go on just now", metadata: ["error": "\(error)"])
                failed.append(deed)
            }
        }
        unfinished.withLock { $0 = failed }
        let isCalm = look()
        deeds.setChores(!Reserve(tree: ports.state).make() || mustPrune.withLock { $0 } || mustClear.withLock { $0 })
        return .wait(atMost: failed.isEmpty && isCalm ? pause() : .seconds(1))
    }

    /// Journals, wake-ups, the next start: each for itself. False when something has to be tried again soon.
    private func look() -> Bool {
        let steps: [() throws -> Void] = [readJournals, clear, offerAgain, wakeJobs, prune, startNext]
        var isCalm = true
        for step in steps {
            do { try step() } catch {
                ports.log.warning("cannot go on just now", metadata: ["error": "\(error)"])
                isCalm = false
            }
        }
        return isCalm
    }

    // MARK: Deeds

    private func carryOut(_ deed: Deeds.Deed) throws {
        switch deed {
        case .answer(let event):
            guard let ticket = event.ticket, let policy = engine.snapshot.policy(of: ticket) else { return }
            try engine.handle(policy, event)
            hub.wake()
        case .giveBack(let ticket, let reason):
            // The installer says so while it still holds its lock: tried again until it has let go.
            guard try reclaim(ticket, reason: reason) else { throw Refusal("the installer of job \(ticket) still holds its lock") }
        case .effect(let effect, let policy): try carryOut(effect, policy)
        }
    }

    private func carryOut(_ effect: JobEffect, _ policy: PolicyID) throws {
        switch effect {
        case .plan(let run, let terms):
            begin(run) { () throws(ProcedureFailure) in try procedures.plan(run, terms, policy, engine.snapshot) }
        case .fetch(let run, let plan): begin(run) { () throws(ProcedureFailure) in try procedures.fetch(run, plan) }
        case .unpack(let run, let plan):
            begin(run) { () throws(ProcedureFailure) in try procedures.unpack(run, plan, engine.snapshot.jobs[policy]?.facts) }
        case .askTurn(let run): begin(run) { () throws(ProcedureFailure) in try procedures.askTurn(run, policy, engine) }
        case .stopProcedure(let ticket): worker.stop(ticket)
        case .handOver(let handover): try handOver(handover, policy)
        case .requestCancel(let ticket): try requestCancel(ticket)
        case .reclaim(let ticket): _ = try reclaim(ticket, reason: "the installer did not begin in time")
        case .removeFolder(let ticket): try removeFolder(ticket, policy)
        case .evaluate: hub.wake(evaluate: true)
        }
    }

    private func begin(_ run: RunID, _ make: () throws(ProcedureFailure) -> Worker.Procedure) {
        do {
            try procedures.checkSurroundings()
            worker.begin(try make())
        } catch { deeds.add(.answer(.procedureFailed(run, error))) }
    }

    private func handOver(_ handover: Handover, _ policy: PolicyID) throws {
        // The job may have been given up since: then there is no folder to hand over.
        guard engine.snapshot.jobs[policy]?.handover?.ticket == handover.ticket else { return }
        let document = HandoverDocument(policy: policy, handover: handover)
        try ports.state.replace(Layout.plan(handover.ticket), with: document.bytes, mode: 0o600)
        try ports.service.handOver(handover.ticket)
    }

    /// An installer that died before its first record left no trace: the job is offered again, with back-off, until its deadline.
    private func offerAgain() {
        for (policy, state) in engine.snapshot.jobs.sorted(by: { $0.key < $1.key }) {
            guard case .handedOver(_, let handover) = state, handover.lastRecord == 0 else { continue }
            let journal = (try? Journal.look(Layout.journal(handover.ticket), in: ports.state)) ?? nil
            guard journal?.records.isEmpty ?? true, offers.isDue(handover.ticket, at: ports.clock.sinceBoot()) else { continue }
            do { try handOver(handover, policy) } catch {
                ports.log.warning("cannot hand a job over", metadata: ["error": "\(error)"])
            }
        }
    }

    private func readJournals() throws {
        // The outcome is final: read what the hub wants before anything is sent.
        guard try journals.takeIn() else { return }
        hub.wake(evaluate: true)
        mustPrune.withLock { $0 = true }
    }

    // MARK: Time

    private func wakeJobs() throws {
        let sinceBoot = ports.clock.sinceBoot()
        let due = alarms.withLock { alarms in
            alarms.set(engine.snapshot.jobs, now: ports.clock.now(), sinceBoot: sinceBoot)
            return alarms.due(sinceBoot: sinceBoot)
        }
        for (policy, moment) in due { try engine.handle(policy, .woke(moment)) }
    }

    /// One active policy at a time; the latest schedule that is due goes first (contract 4.8).
    private func startNext() throws {
        // A failed commit may have chosen already: chosen twice counts as impossible.
        try engine.settle()
        let snapshot = engine.snapshot
        // An evaluation that was asked for a moment ago comes first, whether the hub's thread knows of it or not.
        guard snapshot.active == nil, snapshot.keys.hold == nil, !snapshot.isRestricted, !hub.isEvaluationPending, deeds.isEmpty else {
            return
        }
        let now = ports.clock.now()
        // The clock was set back: the policies are matched anew, and with that their starts are drawn anew. Not while words of such a job are
        // owed: a policy that concerns this node no more could not go then, and it would be asked for again at once.
        let owed = Set(snapshot.outbox.map(\.policy))
        if snapshot.waiting.contains(where: { !owed.contains($0.key) && $0.value.isBeyondWindow(at: now) }) {
            return hub.wake(evaluate: true)
        }
        let candidates = snapshot.waiting.map { SelectionRule.Candidate(id: $0, scheduled: $1.scheduled) }
        guard let next = SelectionRule.next(among: candidates, now: now) else { return }
        try engine.handle(next, .chosen)
        hub.wake()
    }

    private func pause() -> Duration? {
        let snapshot = engine.snapshot
        if snapshot.isRestricted || snapshot.jobs.values.contains(where: { $0.handover != nil }) { return .seconds(1) }
        let sinceBoot = ports.clock.sinceBoot()
        let alarm = alarms.withLock { alarms in
            alarms.set(snapshot.jobs, now: ports.clock.now(), sinceBoot: sinceBoot)
            return alarms.pause(sinceBoot: sinceBoot)
        }
        let pauses = [alarm, timeToNextStart(snapshot)].compactMap { $0 }
        return pauses.min().map { max($0, .milliseconds(1)) }
    }

    /// The wall clock may be set meanwhile, so an appointment is looked at once a minute. While something is active or to be evaluated its
    /// end rings.
    private func timeToNextStart(_ snapshot: EngineSnapshot) -> Duration? {
        guard snapshot.active == nil, snapshot.keys.hold == nil, !hub.isEvaluationPending else { return nil }
        return snapshot.waiting.values.map(\.scheduled).min().map { min($0.duration(since: ports.clock.now()), .seconds(60)) }
    }
}
