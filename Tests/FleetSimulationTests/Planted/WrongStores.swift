import Synchronization
import UpgradeModel
import UpgradePorts

/// Databases that keep something else than they were given.
struct WrongStores: StoreOpener {
    let inner: any StoreOpener
    /// Says that it copied, and did not.
    var skipsCopy = false
    /// What is kept of the n-th transaction.
    var kept: @Sendable (Int, [StoreChange]) -> [StoreChange] = { $1 }

    func open(_ path: TreePath) throws(StoreError) -> any Store { WrongStore(try inner.open(path), kept) }

    func create(_ path: TreePath) throws(StoreError) -> any Store { WrongStore(try inner.create(path), kept) }

    func setAside(_ path: TreePath) throws(StoreError) -> TreePath { try inner.setAside(path) }

    func copy(_ path: TreePath, to target: TreePath) throws(StoreError) { if !skipsCopy { try inner.copy(path, to: target) } }
}

private final class WrongStore: Store {
    private let inner: any Store
    private let kept: @Sendable (Int, [StoreChange]) -> [StoreChange]
    private let commits = Mutex(0)

    init(_ inner: any Store, _ kept: @escaping @Sendable (Int, [StoreChange]) -> [StoreChange]) {
        self.inner = inner
        self.kept = kept
    }

    func load() throws(StoreError) -> StoredNode { try inner.load() }

    func commit(_ changes: [StoreChange]) throws(StoreError) {
        let number = commits.withLock { count in
            count += 1
            return count
        }
        try inner.commit(kept(number, changes))
    }

    func events(max: Int) throws(StoreError) -> [EventLogRow] { try inner.events(max: max) }

    func operations(_ query: OperationQuery) throws(StoreError) -> [Operation] { try inner.operations(query) }

    func purgeOperations(at now: UTCInstant, rowsMax: Int, batch: Int) throws(StoreError) -> Int {
        try inner.purgeOperations(at: now, rowsMax: rowsMax, batch: batch)
    }
}
