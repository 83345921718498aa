import ExchangeModel
import Logging
import UpgradeModel

/// Keeps the hub's records of operation status within their time: once an hour, a few at a time.
struct OperationKeeper: Sendable {
    /// So many go in one transaction: whoever writes meanwhile waits for no more.
    static let batch = 500

    let store: any HubStore
    let now: @Sendable () -> UTCInstant
    let logger: Logger

    /// Goes on until it is cancelled.
    func run() async {
        while !Task.isCancelled {
            do { try await purge() } catch { logger.error("cannot purge records of operation status", metadata: ["error": "\(error)"]) }
            try? await Task.sleep(for: .seconds(3600))
        }
    }

    /// Removes what expired; how many that were.
    @discardableResult
    func purge() async throws -> Int {
        let begun = now()
        var (removed, count) = (0, Self.batch)
        while count == Self.batch {
            count = try await store.write { try $0.purgeOperations(at: begun, batch: Self.batch) }
            removed += count
        }
        if removed > 0 { try await record(.purge, begun: begun, .completed, "removed \(removed) records") }
        return removed
    }

    /// Writes down what the hub itself did.
    func record(_ activity: Operation.Activity, begun: UTCInstant, _ stage: Operation.Stage, _ details: String) async throws {
        let operation = Operation(hub: activity, begun: begun, at: now(), stage, details)
        try await store.write { tables in
            try tables.putOperation(HubOperationRule.own(operation))
            try tables.trimOperations(of: nil, activity: activity.rawValue, to: HubOperationRule.rowsMax)
        }
    }
}

extension Operation {
    /// A record of the hub's own work.
    init(hub activity: Activity, begun: UTCInstant, at: UTCInstant, _ stage: Stage, _ details: String) {
        self.init(id: "hub-\(activity)-\(begun.rfc3339(fractionDigits: 9))", activity, begun: begun, at: at, stage, details)
    }
}
