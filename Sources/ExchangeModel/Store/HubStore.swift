/// Where the hub keeps everything but the bytes of objects: a transaction, so that another database can take SQLite's place.
///
/// The work runs away from the event loops, must not wait for anything else, and has no effect but on the tables: a store may run it
/// again. When it throws, nothing of it is kept. When `write` returns, everything is durable, and every later read sees it.
package protocol HubStore: Sendable {
    /// Number of the layout, raised with every change of it.
    var schemaVersion: Int { get }
    /// What it has done so far.
    var figures: HubStoreFigures { get }
    /// Looks at one committed state.
    func read<Result: Sendable>(_ work: @escaping @Sendable (any HubReading) throws -> Result) async throws -> Result
    /// The same for a few rows found by their keys: on the caller's thread, because handing such a read to another takes longer than the
    /// read.
    func lookUp<Result: Sendable>(_ work: (any HubReading) throws -> Result) throws -> Result
    /// Changes the state, all or nothing. Writes run one after the other; each sees those before it. Neither they nor what they threw is
    /// answered before everything that they saw is durable.
    func write<Result: Sendable>(_ work: @escaping @Sendable (any HubWriting) throws -> Result) async throws -> Result
    /// Ends; later calls fail.
    func close() async
}
