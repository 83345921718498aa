import ExchangeModel
import Synchronization

/// The hub's tables in memory, with the rules of the real ones (one contract suite holds both). A write works on a copy, which takes the
/// place of the tables when it succeeds; a read keeps the tables that it began with.
package final class SimHubStore: HubStore {
    private struct State {
        var tables = SimHubTables()
        var figures = HubStoreFigures()
        var isOpen = true

        func opened() throws -> State {
            guard isOpen else { throw SimHubError.closed }
            return self
        }
    }

    private let state = Mutex(State())
    /// Held by the write under way; reads go on meanwhile.
    private let turn = Mutex(())

    /// Empty tables.
    package init() {}

    package var schemaVersion: Int { 1 }

    package var figures: HubStoreFigures { state.withLock { $0.figures } }

    package func read<Result: Sendable>(_ work: @escaping @Sendable (any HubReading) throws -> Result) async throws -> Result {
        try lookUp(work)
    }

    package func lookUp<Result: Sendable>(_ work: (any HubReading) throws -> Result) throws -> Result {
        try work(SimHubSession(state.withLock { $0 }.opened().tables))
    }

    package func write<Result: Sendable>(_ work: @escaping @Sendable (any HubWriting) throws -> Result) async throws -> Result {
        try turn.withLock { _ in
            let session = SimHubSession(try state.withLock { $0 }.opened().tables)
            let outcome = Swift.Result { try work(session) }
            let tables = session.tables
            state.withLock { state in
                state.figures.writes += 1
                state.figures.commits += 1
                if case .success = outcome { state.tables = tables }
            }
            return try outcome.get()
        }
    }

    package func close() async { state.withLock { $0.isOpen = false } }
}

/// What the tables in memory refuse, where a database refuses a broken reference.
package enum SimHubError: Error, Hashable, Sendable {
    /// The store was closed.
    case closed
    /// What the row belongs to is not there: an org, a node, a policy, a group.
    case missing(String)
    /// The node is a member of another group.
    case memberElsewhere(String)
}
