#if Failpoints
    import Synchronization
    import UpgradeCore
    import UpgradeModel
    import UpgradePorts

    /// Databases whose transactions a test can see: everything that an agent knows becomes durable, or is known to have left it, in one of
    /// them. `agent.committing.<what>` is before, `agent.committed.<what>` after it. What: the job's new state, with a `+` when it is the old
    /// one again; `sent.<word>` for a row that the hub has taken; `gone` for a job that is forgotten.
    struct WatchedDatabases: StoreOpener {
        let real: any StoreOpener

        func open(_ path: TreePath) throws(StoreError) -> any Store { WatchedStore(real: try real.open(path)) }
        func create(_ path: TreePath) throws(StoreError) -> any Store { WatchedStore(real: try real.create(path)) }
        func setAside(_ path: TreePath) throws(StoreError) -> TreePath { try real.setAside(path) }
        func copy(_ path: TreePath, to target: TreePath) throws(StoreError) { try real.copy(path, to: target) }
    }

    /// What the one database of this agent holds.
    let known = Mutex(StoredNode())

    private struct WatchedStore: Store {
        let real: any Store

        func load() throws(StoreError) -> StoredNode {
            let node = try real.load()
            known.withLock { $0 = node }
            return node
        }

        func commit(_ changes: [StoreChange]) throws(StoreError) {
            let what = known.withLock { node in changes.compactMap { Self.name($0, node) }.first }
            if let what { FailPoint.stand("agent.committing." + what) }
            try real.commit(changes)
            known.withLock { node in
                for change in changes {
                    switch change {
                    case .putJob(let policy, let state): node.jobs[policy] = state
                    case .owe(let row): node.outbox.append(row)
                    default: break
                    }
                }
            }
            if let what { FailPoint.stand("agent.committed." + what) }
        }

        func events(max: Int) throws(StoreError) -> [EventLogRow] { try real.events(max: max) }
        func operations(_ query: OperationQuery) throws(StoreError) -> [Operation] { try real.operations(query) }
        func purgeOperations(at now: UTCInstant, rowsMax: Int, batch: Int) throws(StoreError) -> Int {
            try real.purgeOperations(at: now, rowsMax: rowsMax, batch: batch)
        }

        private static func name(_ change: StoreChange, _ node: StoredNode) -> String? {
            switch change {
            case .putJob(let policy, let state):
                let new = FailPoint.name(state)
                return node.jobs[policy].map { FailPoint.name($0) } == new ? new + "+" : new
            case .removeJob: return "gone"
            case .settle(let number): return node.outbox.first { $0.number == number }.map { "sent." + name($0.content) }
            case .owe, .undeliverable, .keepHealth, .set, .log, .operation, .forgetAll: return nil
            }
        }

        private static func name(_ content: OutboxRow.Content) -> String {
            guard case .status(let report) = content else { return FailPoint.name(content) }
            return FailPoint.name(report.status)
        }
    }
#endif
