import Synchronization
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// What stands at the exchange as this node's statuses: resets are taken in from it, and what belongs to no policy of ours is removed.
final class StatusWatch: Sendable {
    private struct State {
        /// Looks asked for and done: one that is asked for in the middle of another is not lost.
        var wanted = 1
        var done = 0
        /// Which one the last look answers, once all came of it.
        var looked = 0
    }

    private let state = Mutex(State())
    private let engine: Engine

    /// The statuses are read once from the start.
    init(engine: Engine) { self.engine = engine }

    /// The statuses must be looked at again.
    func ask() { state.withLock { $0.wanted += 1 } }

    /// Reads the statuses and takes the resets in, when somebody asked for that or something is to be sent: a reset that waits there must
    /// not be overwritten. Nil when nothing was read. Errors: a reset that could not be taken in, too: then nothing may be sent over it.
    func read(_ client: any ExchangeClient) throws -> [PolicyID: Status?]? {
        let isWanted = state.withLock { state in
            state.looked = state.wanted
            return state.wanted != state.done
        }
        guard isWanted || engine.isOwing else { return nil }
        let statuses = try client.statuses()
        try takeIn(resets: Set(statuses.filter { $0.value == .some(.reset) }.keys))
        return statuses
    }

    /// True when words are owed that follow others, and nothing of these stands at the exchange: it deletes them with a policy, so another one
    /// may have its name by now.
    func misses(_ statuses: [PolicyID: Status?]) -> Bool {
        var seen: Set<PolicyID> = []
        return engine.outbox.contains { row in
            guard case .status(let report) = row.content, seen.insert(row.policy).inserted else { return false }
            return statuses[row.policy] == nil && report.status != .waiting && report.status != .unknown
        }
    }

    /// Statuses of policies that this node does not know are removed at the exchange.
    func removeUnknown(_ statuses: [PolicyID: Status?], _ client: any ExchangeClient) throws(TransferFailure) {
        state.withLock { $0.done = $0.looked }
        let owed = Set(engine.outbox.map(\.policy))
        for policy in statuses.keys.sorted() where engine.snapshot.jobs[policy] == nil && !owed.contains(policy) {
            do { try client.deleteStatus(policy) } catch {
                // What could not be removed is looked at again.
                ask()
                throw error
            }
        }
    }

    /// Each reset counts once, however long it is seen and whatever becomes of the process: a node that cannot send would begin anew at every
    /// look, and a version that went back here would be tried again and again.
    private func takeIn(resets: Set<PolicyID>) throws {
        var known = engine.resetsTaken.intersection(resets)
        if known != engine.resetsTaken { try engine.record([.set(resetsTaken: known)]) }
        for policy in resets.subtracting(known).sorted() where engine.snapshot.jobs[policy] != nil {
            do { _ = try engine.reset([policy], with: [.set(resetsTaken: known.union([policy]))]) } catch {
                // What stands there is looked at again, whatever is owed then.
                ask()
                throw error
            }
            known.insert(policy)
        }
    }
}
