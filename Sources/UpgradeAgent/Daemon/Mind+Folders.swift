import Logging
import Synchronization
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Folders of jobs and of releases, from the first wish to their removal.
extension Mind {
    /// A job whose record was lost may still be with its installer: such a folder goes with the orphans, once its journal is final.
    func removeFolder(_ ticket: Ticket, _ policy: PolicyID) throws {
        guard (try? journals.isAtWork(ticket)) == false else { return mustClear.withLock { $0 = true } }
        try tellHooks(ticket, policy)
        try ports.state.removeTree(Layout.job(ticket))
    }

    /// What hooks said would go with the folder.
    private func tellHooks(_ ticket: Ticket, _ policy: PolicyID) throws {
        let now = ports.clock.now()
        let rows = HookLog.lines(ticket, in: ports.state).map {
            EventLogRow(at: now, severity: "info", code: "upgrade_hook", message: VisibleText.escaping($0, max: 1000), policy: policy)
        }
        if !rows.isEmpty { try engine.record(rows.map { .log($0) }) }
    }

    func requestCancel(_ ticket: Ticket) throws {
        guard try ports.state.entry(Layout.cancel(ticket)) == nil, try ports.state.entry(Layout.job(ticket)) != nil else { return }
        try ports.state.create(Layout.cancel(ticket), mode: 0o600).sync()
        try ports.state.syncDirectory(Layout.job(ticket))
    }

    /// Only under the install lock and only before `switch-intended`; the folder is renamed away first, so that a late installer finds nothing.
    /// False when somebody holds the lock.
    func reclaim(_ ticket: Ticket, reason: String) throws -> Bool {
        let away = Layout.jobs.appending(ticket.text + ".reclaimed")
        guard let policy = engine.snapshot.policy(of: ticket) else {
            // Its end is committed; what could not be removed then goes now.
            try ports.state.removeTree(away)
            return true
        }
        guard let lock = try ports.locks.take(.install) else { return false }
        defer { lock.release() }
        guard try journals.isUntouched(ticket) else { return true }
        if try ports.state.entry(Layout.job(ticket)) != nil {
            try ports.state.rename(Layout.job(ticket), to: away)
            try ports.state.syncDirectory(Layout.jobs)
        }
        try engine.handle(policy, .reclaimed(ticket, reason: reason))
        hub.wake()
        try ports.state.removeTree(away)
        return true
    }

    func clear() {
        guard mustClear.withLock({ $0 }) else { return }
        let isDone = journals.removeOrphans()
        mustClear.withLock { $0 = !isDone }
    }

    /// Whatever comes of it, the upgrade stays what it is: what could not be removed is looked at after the next outcome.
    func prune() throws {
        let snapshot = engine.snapshot
        guard mustPrune.withLock({ $0 }), snapshot.active == nil, !snapshot.isRestricted else { return }
        do {
            guard let removed = try pruning.run() else { return }
            mustPrune.withLock { $0 = false }
            guard !removed.isEmpty else { return }
            let message = "Removed the old releases \(removed.map(String.init).joined(separator: ", "))."
            try engine.record([
                .log(EventLogRow(at: ports.clock.now(), severity: "info", code: "releases_pruned", message: message, policy: nil))
            ])
        } catch {
            mustPrune.withLock { $0 = false }
            ports.log.warning("old releases stay", metadata: ["error": "\(error)"])
        }
    }
}
