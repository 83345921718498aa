import ExchangeModel
import ExchangeServer
import Testing
import UpgradeSimulation

/// The hub's stores that keep the same contract.
enum HubStoreKind: CaseIterable, CustomTestStringConvertible {
    case sqlite, simulated

    var testDescription: String { self == .sqlite ? "SQLite" : "simulated" }
}

extension HubStoreKind {
    /// Lets the body use an empty store, and closes it.
    func run<Result>(_ body: (any HubStore) async throws -> Result) async throws -> Result {
        switch self {
        case .sqlite:
            let scratch = try StoreScratch()
            return try await closing(try SQLiteHubStore(path: scratch.database), body)
        case .simulated: return try await closing(SimHubStore(), body)
        }
    }
}

extension StoreScratch {
    /// The hub's database in this folder.
    var database: String { folder + "/exchange.db" }
}

/// Lets the body use a store, and closes it.
func closing<Store: HubStore, Result>(_ store: Store, _ body: (Store) async throws -> Result) async throws -> Result {
    let outcome: Swift.Result<Result, any Error>
    do { outcome = .success(try await body(store)) } catch { outcome = .failure(error) }
    await store.close()
    return try outcome.get()
}

/// What a write throws to be taken back.
struct Refused: Error, Hashable {}

/// Waits for a condition, 20 s at most.
func waitUntil(_ condition: () -> Bool) async throws {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(20)
    while !condition() {
        if clock.now > deadline { throw NothingThere() }
        try await clock.sleep(for: .milliseconds(2))
    }
}
