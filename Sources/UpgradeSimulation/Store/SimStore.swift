import Synchronization
import UpgradeModel
import UpgradePorts

/// A store in memory with the rules of the real one (one contract suite holds both), and commits that fail on request.
///
/// A restart is a fresh `SimStore` on the same `SimDatabase`: what was committed is there, faults that were asked for are not.
package final class SimStore: Store {
    /// How a commit fails.
    package enum Fault: Hashable, Sendable {
        /// Nothing took effect.
        case before(StoreError)
        /// Everything took effect, and the caller does not learn it.
        case after(StoreError)
    }

    private struct Faults {
        var commits = 0
        var pending: [Int: Fault] = [:]
    }

    private let database: SimDatabase
    private let faults = Mutex(Faults())

    /// A store on this file.
    package init(_ database: SimDatabase = SimDatabase()) { self.database = database }

    /// A store on a file of its own with this content.
    package convenience init(memory: SimMemory) { self.init(SimDatabase(SimDatabase.Image(memory: memory))) }

    /// What is committed.
    package var memory: SimMemory { database.image.memory }

    /// Commits begun on this store, failed ones included.
    package var commits: Int { faults.withLock { $0.commits } }

    /// Lets the commit with this number fail; the first commit of this store has number 1.
    package func fail(commit number: Int, _ fault: Fault) {
        faults.withLock { $0.pending[number] = fault }
    }

    /// Makes the row of a job unreadable for the next load.
    package func damage(job policy: PolicyID) throws(StoreError) {
        try database.withMemory { memory throws(StoreError) in
            if memory.jobs[policy] != nil { memory.damagedJobs.insert(policy) }
        }
    }

    package func load() throws(StoreError) -> StoredNode {
        try database.withMemory { memory throws(StoreError) in memory.load() }
    }

    package func commit(_ changes: [StoreChange]) throws(StoreError) {
        switch nextFault() {
        case nil: try apply(changes)
        case .before(let error): throw error
        case .after(let error):
            try apply(changes)
            throw error
        }
    }

    package func events(max: Int) throws(StoreError) -> [EventLogRow] {
        try database.withMemory { memory throws(StoreError) in newest(max, of: memory.events) }
    }

    package func operations(_ query: OperationQuery) throws(StoreError) -> [Operation] {
        try database.withMemory { memory throws(StoreError) in memory.operations.selected(query) }
    }

    package func purgeOperations(at now: UTCInstant, rowsMax: Int, batch: Int) throws(StoreError) -> Int {
        try database.withMemory { memory throws(StoreError) in memory.purgeOperations(at: now, rowsMax: rowsMax, batch: batch) }
    }

    private func apply(_ changes: [StoreChange]) throws(StoreError) {
        try database.withMemory { memory throws(StoreError) in try memory.apply(changes) }
    }

    private func nextFault() -> Fault? {
        faults.withLock { faults in
            faults.commits += 1
            return faults.pending.removeValue(forKey: faults.commits)
        }
    }
}

private func newest<Row>(_ max: Int, of rows: [Row]) -> [Row] {
    rows.suffix(Swift.max(max, 0)).reversed()
}
