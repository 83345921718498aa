import Synchronization
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// The one owner of the jobs of this node: every event goes through here, one at a time, and every step is committed with all that it owes
/// before any effect runs. Source: architecture, "One commit per step".
package final class Engine: Sendable {
    /// What is known, as committed.
    struct Memory {
        var node: StoredNode {
            didSet { hasHandedOver = node.hasHandedOver }
        }
        /// An installer has a job. Kept, because it is asked at every poll.
        private(set) var hasHandedOver: Bool
        var counters = EngineCounters()
        /// On trial, or on the way back: no request changes anything.
        var isRestricted = false
        /// A commit failed: whether it took effect is known once the store is read again.
        var isDoubtful = false
        /// Jobs that such a commit has moved; their effects are still to be performed.
        var movedUnseen: Set<PolicyID> = []

        init(node: StoredNode) {
            self.node = node
            hasHandedOver = node.hasHandedOver
        }
    }

    private let store: any Store
    let surroundings: EngineSurroundings
    let runner: any EffectRunner
    let memory: Mutex<Memory>

    /// Takes over what the store held at start.
    package init(store: any Store, node: StoredNode, surroundings: EngineSurroundings, runner: any EffectRunner) {
        self.store = store
        self.surroundings = surroundings
        self.runner = runner
        memory = Mutex(Memory(node: node))
    }

    /// Takes in one event; what it owes is durable when this returns. Errors: the store's; nothing is done then, and what the store made of it
    /// is looked at before anything else.
    /// - Parameters:
    ///   - time: when it happened; nil = now.
    ///   - more: belongs into the same transaction, if the event moves the job.
    @discardableResult
    package func handle(
        _ policy: PolicyID, _ event: JobEvent, at time: UTCInstant? = nil, with more: [StoreChange] = []
    ) throws(StoreError) -> Transition {
        try locked { (memory: inout Memory) throws(StoreError) in try self.take(policy, event, at: time, with: more, &memory) }
    }

    /// A reset from a person, for one policy or for all. Errors: `Refusal` from `switch-intended` on.
    /// - Parameter more: belongs into the same transaction.
    package func reset(_ policies: [PolicyID], with more: [StoreChange] = []) throws -> [PolicyID] {
        try memory.withLock { memory throws in
            try settle(&memory)
            try Engine.refuseWhenRestricted(memory)
            for policy in policies {
                if case .moved = try take(policy, .reset, with: more, &memory) { continue }
                if !more.isEmpty { try commit(more, &memory) }
            }
            try forgiveLoss(&memory)
            return policies
        }
    }

    /// Everything that is known, for readers.
    package var snapshot: EngineSnapshot {
        memory.withLock {
            EngineSnapshot(
                jobs: $0.node.jobs, outbox: $0.node.outbox, undeliverable: $0.node.undeliverable, keys: $0.node.keys, counters: $0.counters,
                health: $0.node.health, openOperations: $0.node.openOperations, isRestricted: $0.isRestricted)
        }
    }

    /// Rows still owed, in order.
    var outbox: [OutboxRow] { memory.withLock { $0.node.outbox } }

    /// Something is owed.
    var isOwing: Bool { memory.withLock { !$0.node.outbox.isEmpty } }

    /// On trial, or on the way back.
    var isRestricted: Bool { memory.withLock { $0.isRestricted } }

    /// An installer has a job.
    var hasHandedOver: Bool { memory.withLock { $0.hasHandedOver } }

    /// A single value.
    func value(_ key: StoreKey) -> String? { memory.withLock { $0.node.keys[key] } }

    /// Policies whose reset was taken in and still stands at the exchange.
    var resetsTaken: Set<PolicyID> { memory.withLock { $0.node.keys.resetsTaken } }

    /// What a failed commit has made of things is known when this returns. Errors: the store's.
    func settle() throws(StoreError) { try locked { _ in } }

    /// Whether requests are refused and nothing is sent.
    package func restrict(_ restricted: Bool) { memory.withLock { $0.isRestricted = restricted } }

    /// Commits changes that no job owns: the change cursor, the outcome of sending.
    package func record(_ changes: [StoreChange]) throws(StoreError) {
        try locked { (memory: inout Memory) throws(StoreError) in try self.commit(changes, &memory) }
    }

    /// Removes some of the operation records whose time is over, and says how many. Beside the lock: nothing here knows of ended
    /// records, and a step never waits for more than one batch.
    func purgeOperations(batch: Int) throws(StoreError) -> Int {
        try store.purgeOperations(at: surroundings.clock.now(), rowsMax: surroundings.operations.rowsMax, batch: batch)
    }

    private func locked<Value: Sendable>(_ body: (inout Memory) throws(StoreError) -> sending Value) throws(StoreError) -> Value {
        try memory.withLock { (memory: inout sending Memory) throws(StoreError) -> sending Value in
            try settle(&memory)
            return try body(&memory)
        }
    }

    /// A failed commit may have taken effect all the same. What it moved begins again as after a start; of the rest nothing has changed.
    func settle(_ memory: inout Memory) throws(StoreError) {
        if memory.isDoubtful {
            let before = memory.node.jobs
            memory.node = try store.load()
            memory.isDoubtful = false
            for (policy, job) in before.sorted(by: { $0.key < $1.key }) where memory.node.jobs[policy] != job {
                memory.movedUnseen.insert(policy)
                // The lost step may have asked for it, and what a reset has begun anew must not start on old terms.
                runner.perform(.evaluate, for: policy)
                guard let ticket = job.ticket else { continue }
                runner.perform(.stopProcedure(ticket), for: policy)
                // Nobody else would know of it before the next start.
                if memory.node.jobs[policy]?.ticket != ticket { runner.perform(.removeFolder(ticket), for: policy) }
            }
            memory.movedUnseen.formUnion(memory.node.jobs.keys.filter { before[$0] == nil })
        }
        while let policy = memory.movedUnseen.min() {
            try take(policy, .restarted, &memory)
            memory.movedUnseen.remove(policy)
        }
    }

    @discardableResult
    private func take(
        _ policy: PolicyID, _ event: JobEvent, at time: UTCInstant? = nil, with more: [StoreChange] = [], _ memory: inout Memory
    ) throws(StoreError) -> Transition {
        let before = memory.node.jobs[policy]
        // Disable, delete and loss of match are levels: they are said again when the outcome is final (install.md, "Requests meanwhile").
        if case .unmatched = event, memory.isRestricted || before?.isBeyondSwitch == true { return .unchanged }
        let transition = JobMachine.transition(before, event, context(memory.node))
        switch transition {
        case .unchanged: break
        case .stale: memory.counters.stale += 1
        case .rejected(let why):
            memory.counters.rejected += 1
            memory.counters.lastRejection = "\(policy): \(why)"
            surroundings.rejected("\(policy): \(why)")
        case .moved(let move):
            let step = EngineStep(
                policy: policy, before: before, event: event, time: time, move: move, release: surroundings.release,
                installed: surroundings.installed)
            try commit(step.changes(memory.node, at: surroundings.clock.now()) + more, &memory)
            memory.counters.moved += 1
            for effect in move.effects { runner.perform(effect, for: policy) }
        }
        return transition
    }

    /// One transaction; a full disk gives up the reserve once.
    func commit(_ changes: [StoreChange], _ memory: inout Memory) throws(StoreError) {
        let changes = surroundings.numbering(changes, after: memory.node)
        memory.isDoubtful = true
        do {
            try store.commit(changes)
        } catch {
            guard error.kind == .noSpace, surroundings.giveUpReserve() else { throw error }
            try store.commit(changes)
        }
        memory.isDoubtful = false
        memory.node.apply(changes)
        surroundings.meter.committed(changes, health: memory.node.health)
    }

    /// The memory counts as found again once a reset has left no lost job behind.
    private func forgiveLoss(_ memory: inout Memory) throws(StoreError) {
        guard memory.node.keys[.databaseLost] != nil else { return }
        for case .quarantined in memory.node.jobs.values { return }
        try commit([.set(.databaseLost, nil)], &memory)
    }

    func context(_ node: StoredNode) -> JobContext {
        let drawn = node.keys[.lastRelease].flatMap { Int($0) } ?? 0
        var context = JobContext(
            now: surroundings.clock.now(), freshTicket: Ticket(high: surroundings.randomness.next(), low: surroundings.randomness.next()),
            chance: surroundings.randomness.next(), currentRelease: surroundings.release.number,
            freshRelease: max(drawn, surroundings.highestRelease()) + 1, limits: surroundings.limits)
        context.failedVersions = node.keys.failedVersions
        context.memoryLost = node.keys[.databaseLost]
        context.hold = node.keys.hold?.sentence
        return context
    }

    static func refuseWhenRestricted(_ memory: Memory) throws {
        if memory.isRestricted || memory.node.jobs.values.contains(where: \.isBeyondSwitch) {
            throw Refusal("an upgrade is on trial; until it is committed or rolled back nothing can be changed: try again later")
        }
    }
}
