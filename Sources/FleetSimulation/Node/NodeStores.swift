import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// A node's databases, which a dead process cannot change.
struct NodeStores: StoreOpener {
    let inner: SimStoreOpener
    let node: FleetNode

    private var doom: Doom { node.doom }

    func open(_ path: TreePath) throws(StoreError) -> any Store { NodeStore(inner: try inner.open(path), path: path, node: node) }

    func create(_ path: TreePath) throws(StoreError) -> any Store {
        try doom.check()
        let store = try inner.create(path)
        node.watcher.forgets(node)
        return NodeStore(inner: store, path: path, node: node)
    }

    func setAside(_ path: TreePath) throws(StoreError) -> TreePath {
        try doom.check()
        return try inner.setAside(path)
    }

    func copy(_ path: TreePath, to target: TreePath) throws(StoreError) {
        try doom.check()
        try inner.copy(path, to: target)
    }
}

private struct NodeStore: Store {
    let inner: any Store
    let path: TreePath
    let node: FleetNode

    private var memory: SimMemory { node.stores.database(path)?.image.memory.withoutLogs ?? SimMemory() }

    func load() throws(StoreError) -> StoredNode { try inner.load() }

    func commit(_ changes: [StoreChange]) throws(StoreError) {
        try node.doom.check()
        let fault = node.troubles.commit()
        if fault == .before {
            node.bites("a commit fails")
            throw StoreError(.other, "the simulated database does not take a commit")
        }
        if changes.contains(where: \.isAboutJobs) {
            let before = memory
            try inner.commit(changes)
            forgetOldOperations(changes)
            node.watcher.committed(node, changes, before: before, after: memory)
        } else {
            try inner.commit(changes)
            forgetOldOperations(changes)
        }
        if fault == .after {
            node.bites("a commit says that it failed")
            throw StoreError(.other, "the simulated database does not say whether it took a commit")
        }
    }

    /// Nobody reads what ended, and a hundred thousand nodes would keep it.
    private func forgetOldOperations(_ changes: [StoreChange]) {
        guard changes.contains(where: { if case .operation = $0 { true } else { false } }) else { return }
        _ = try? inner.purgeOperations(at: .distantPast, rowsMax: 0, batch: .max)
    }

    func events(max: Int) throws(StoreError) -> [EventLogRow] { try inner.events(max: max) }

    func operations(_ query: OperationQuery) throws(StoreError) -> [Operation] { try inner.operations(query) }
    func purgeOperations(at now: UTCInstant, rowsMax: Int, batch: Int) throws(StoreError) -> Int {
        try inner.purgeOperations(at: now, rowsMax: rowsMax, batch: batch)
    }
}

extension StoreChange {
    /// A job, or what is owed about it. Keys and logs change at most polls, and what was before is a copy of every table that changes.
    fileprivate var isAboutJobs: Bool {
        switch self {
        case .putJob, .removeJob, .owe, .settle, .undeliverable, .forgetAll: true
        case .keepHealth, .set, .log, .operation: false
        }
    }
}

extension Doom {
    /// A commit is an operation like those on files. Errors: the process is dead.
    fileprivate func check() throws(StoreError) {
        if !allows() { throw StoreError(.other, "the simulated process was killed") }
    }
}
