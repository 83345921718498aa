import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Asks the high-availability group, if the node is in one, whether it is this node's turn. Source: contract 1.7.
///
/// Nobody gives a turn back: the gate sees it in the status of the policy, which the outbox delivers when the job has ended, well or not.
struct TurnRequest: Sendable {
    let policy: PolicyID
    /// Of the last record that was read, in case the hub is away: its members are not in each other's way for that.
    let knownGroup: String?
    let client: any ExchangeClient

    /// The group whose turn this is; nil for a node in none. Errors: transient, with why it is not this node's turn.
    func step() throws(ProcedureFailure) -> Step<String?> {
        // The feed does not tell a node of its group, so the record is read anew.
        let record = try? client.node()
        guard let group = record.map(\.group) ?? knownGroup else { return .done(nil) }
        do {
            try client.askTurn(of: group, for: policy)
            return .done(group)
        } catch {
            throw ProcedureFailure(.transient(retryAfter: error.retryAfter), Self.reason(error, group))
        }
    }

    /// The same words for the same reason: each new one is reported.
    private static func reason(_ failure: TransferFailure, _ group: String) -> String {
        switch failure.kind {
        case .status(409): "another member of the high-availability group \(group) is being upgraded"
        case .status, .local: "the agbot does not give the turn of the high-availability group \(group): \(failure.explanation)"
        default: "the agbot cannot be asked for the turn of the high-availability group \(group): \(failure.kind)"
        }
    }

    /// Tells the gate, at a poll, that a job whose turn this is goes on. Best effort: the turn was granted, and the installer is at work.
    static func renew(_ client: any ExchangeClient, _ snapshot: EngineSnapshot) {
        for (policy, state) in snapshot.jobs {
            guard state.handover != nil, let group = state.facts?.group else { continue }
            try? client.askTurn(of: group, for: policy)
        }
    }
}
