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
    /// Whether words of this policy are still on their way to the exchange.
    let isOwing: @Sendable () -> Bool
    /// Whether the attempt still wants it: a turn that is given to a job that is gone keeps the group waiting for a whole lease.
    let isWanted: @Sendable () -> Bool

    private var group: String?
    private var looks = 0

    init(
        policy: PolicyID, knownGroup: String?, client: any ExchangeClient, isWanted: @escaping @Sendable () -> Bool,
        isOwing: @escaping @Sendable () -> Bool
    ) {
        self.policy = policy
        self.knownGroup = knownGroup
        self.client = client
        self.isOwing = isOwing
        self.isWanted = isWanted
    }

    /// The group whose turn this is; nil for a node in none. Errors: transient, with why it is not this node's turn.
    mutating func step() throws(ProcedureFailure) -> Step<String?> {
        if looks == 0 {
            // The feed does not tell a node of its group, so the record is read anew.
            let record = try? client.node()
            group = record.map(\.group) ?? knownGroup
        }
        guard let group else { return .done(nil) }
        looks += 1
        // The gate ends a turn when it hears that the job is not under way: an older word must not come after the question.
        if isOwing() {
            guard looks < Self.looksMax else {
                throw ProcedureFailure(.transient(retryAfter: nil), "the exchange has not taken the words that go before the question")
            }
            return .sleep(Self.pause)
        }
        guard isWanted() else { throw ProcedureFailure(.transient(retryAfter: nil), "the attempt is over") }
        do {
            try client.askTurn(of: group, for: policy)
            return .done(group)
        } catch {
            throw ProcedureFailure(.transient(retryAfter: error.retryAfter), Self.reason(error, group))
        }
    }

    private static let pause = Duration.milliseconds(100)
    private static let looksMax = 300

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
        for (policy, state) in snapshot.jobs.sorted(by: { $0.key < $1.key }) {
            guard state.handover != nil, let group = state.facts?.group else { continue }
            try? client.askTurn(of: group, for: policy)
        }
    }
}
