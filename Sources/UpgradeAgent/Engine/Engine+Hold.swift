import Synchronization
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// A node that somebody holds.
extension Engine {
    /// Lets no upgrade begin, and whatever the installer has not yet wait. The same hold again changes nothing. Errors: `Refusal` from
    /// `switch-intended` on.
    package func hold(_ hold: Hold) throws {
        try memory.withLock { memory throws in
            try settle(&memory)
            try Engine.refuseWhenRestricted(memory)
            if let known = memory.node.keys.hold, known.by == hold.by, known.reason == hold.reason { return }
            try change(hold, "The node is \(hold.sentence).", .held(reason: hold.sentence), &memory)
        }
    }

    /// Lifts the hold. Errors: as `hold`.
    package func release(by: String) throws {
        try memory.withLock { memory throws in
            try settle(&memory)
            try Engine.refuseWhenRestricted(memory)
            guard memory.node.keys.hold != nil else { return }
            try change(nil, "\(by) has lifted the hold.", .released, &memory)
        }
    }

    /// The hold and what every job makes of it are one transaction.
    private func change(_ hold: Hold?, _ message: String, _ event: JobEvent, _ memory: inout Memory) throws(StoreError) {
        let now = surroundings.clock.now()
        let code = hold == nil ? "node_released" : "node_held"
        var changes: [StoreChange] = [
            .set(hold), .log(EventLogRow(at: now, severity: "info", code: code, message: message, policy: nil)),
        ]
        var node = memory.node
        node.apply(changes)
        var effects: [(JobEffect, PolicyID)] = []
        for (policy, before) in memory.node.jobs.sorted(by: { $0.key < $1.key }) {
            guard case .moved(let move) = JobMachine.transition(before, event, context(node)) else { continue }
            let step = EngineStep(
                policy: policy, before: before, event: event, time: nil, move: move, release: surroundings.release,
                installed: surroundings.installed)
            let more = step.changes(node, at: now)
            node.apply(more)
            changes += more
            effects += move.effects.map { ($0, policy) }
        }
        try commit(changes, &memory)
        for (effect, policy) in effects { runner.perform(effect, for: policy) }
    }
}
