import Synchronization
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// What this process has done since it started, counted where it happens.
package final class AgentMeter: Sendable {
    /// One kind of end of one kind of work.
    struct OperationKey: Hashable {
        let activity: Operation.Activity
        let stage: Operation.Stage
    }

    /// All counts.
    struct Counts {
        var fetchedBytes: Int64 = 0
        var transactions = 0
        /// Ends of work.
        var operations: [OperationKey: Int] = [:]
        /// Ways back, by the probe that said no; `install` when the switch itself failed.
        var rollbacks: [String: Int] = [:]
    }

    private let counts = Mutex(Counts())

    /// Nothing yet.
    package init() {}

    var now: Counts { counts.withLock { $0 } }

    /// Bytes came over the network.
    func fetched(_ bytes: Int) { counts.withLock { $0.fetchedBytes += Int64(bytes) } }

    /// A transaction is durable.
    /// - Parameter health: what the probes of each policy's last attempt found.
    func committed(_ changes: [StoreChange], health: [PolicyID: HealthReport]) {
        counts.withLock { counts in
            counts.transactions += 1
            for case .operation(let operation) in changes where !operation.stage.isOpen {
                counts.operations[OperationKey(activity: operation.activity, stage: operation.stage), default: 0] += 1
                guard operation.activity == .rollback, operation.stage == .completed else { continue }
                let failed = operation.policy.flatMap { health[$0] }?.results.first { $0.verdict == .failed }?.name
                counts.rollbacks[failed ?? "install", default: 0] += 1
            }
        }
    }
}

/// Downloads whose bytes are counted.
struct MeteredTransfer: Transfer {
    let real: any Transfer
    let meter: AgentMeter

    func begin(_ request: TransferRequest) -> TransferID { real.begin(request) }

    func read(_ id: TransferID, max: Int) throws(TransferFailure) -> TransferPiece {
        let piece = try real.read(id, max: max)
        if case .bytes(let bytes) = piece { meter.fetched(bytes.count) }
        return piece
    }

    func wait(_ id: TransferID, atMost time: Duration) { real.wait(id, atMost: time) }

    func cancel(_ id: TransferID) { real.cancel(id) }
}
