/// Where the hub keeps everything but the bytes of objects: a transaction, so that another database can take SQLite's place.
///
/// The work runs away from the event loops and must not wait for anything else. When it throws, nothing of it is kept. When `write`
/// returns, everything is durable.
package protocol HubStore: Sendable {
    /// Number of the layout, raised with every change of it.
    var schemaVersion: Int { get }
    /// Looks at one consistent state.
    func read<Result: Sendable>(_ work: @escaping @Sendable (any HubReading) throws -> Result) async throws -> Result
    /// Changes the state, all or nothing.
    func write<Result: Sendable>(_ work: @escaping @Sendable (any HubWriting) throws -> Result) async throws -> Result
    /// Ends; later calls fail.
    func close() async
}
