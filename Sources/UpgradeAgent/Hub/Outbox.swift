import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// Sends what is owed: in order per policy, at least once; policies do not wait for each other. What retrying cannot change is set aside,
/// counted and shown, and the next row goes. Source: architecture, "Outbox".
struct Outbox {
    let client: any ExchangeClient
    let engine: Engine
    let clock: any Clock

    /// What one round of sending came to.
    struct Round {
        var sent = 0
        var undeliverable = 0
        /// The first failure that may pass.
        var trouble: TransferFailure?
    }

    /// Sends every row that can go now, but for those of some policies. Errors: the store's.
    func drain(withholding withheld: Set<PolicyID> = []) throws(StoreError) -> Round {
        var round = Round()
        var blocked = withheld
        for row in engine.outbox where !blocked.contains(row.policy) {
            // A row may have become void since the snapshot was taken.
            guard engine.outbox.contains(where: { $0.number == row.number }), !engine.isRestricted else { continue }
            let begun = clock.now()
            do throws(TransferFailure) { try send(row) } catch {
                if let code = finalCode(error, row) {
                    try setAside(row, code, error, begun)
                    round.undeliverable += 1
                    continue
                }
                blocked.insert(row.policy)
                round.trouble = round.trouble ?? error
                if case .status = error.kind { continue }
                return round
            }
            try engine.record([.settle(number: row.number), report(row, begun, .completed, row.content.short)] + answered(row))
            round.sent += 1
        }
        return round
    }

    private func send(_ row: OutboxRow) throws(TransferFailure) {
        switch row.content {
        case .status(let report): try client.putStatus(row.policy, report)
        case .deletion: try client.deleteStatus(row.policy)
        case .softwareVersions(let versions): try client.patchSoftwareVersions(versions)
        }
    }

    private func setAside(_ row: OutboxRow, _ code: Int, _ failure: TransferFailure, _ begun: UTCInstant) throws(StoreError) {
        let answer = String(failure.explanation.prefix(300))
        let aside = UndeliverableRow(row: row, code: code, answer: answer, at: clock.now())
        let details = "\(row.content.short): the exchange answered \(code): \(answer)"
        try engine.record([.settle(number: row.number), .undeliverable(aside), log(aside), report(row, begun, .exception, details)])
    }

    /// A status was sent over whatever stood there: a reset that stands there from now on is another one. In the same transaction, so that no
    /// process believes that it has taken in what it has answered.
    private func answered(_ row: OutboxRow) -> [StoreChange] {
        let taken = engine.resetsTaken
        return row.isAboutNode || !taken.contains(row.policy) ? [] : [.set(resetsTaken: taken.subtracting([row.policy]))]
    }

    /// The record of a row that leaves the queue.
    private func report(_ row: OutboxRow, _ begun: UTCInstant, _ stage: Operation.Stage, _ details: String) -> StoreChange {
        let id = "report-\(row.number)-\(begun.rfc3339(fractionDigits: 9))"
        return .operation(Operation(id: id, .report, policy: row.policy, begun: begun, at: clock.now(), stage, details))
    }

    /// The code of an answer that stays as it is: 400, 404, or 500 while the policy does not exist (contract 1.4).
    private func finalCode(_ failure: TransferFailure, _ row: OutboxRow) -> Int? {
        guard case .status(let code) = failure.kind else { return nil }
        switch code {
        case 400, 404: return code
        case 500: return (try? client.hasPolicy(row.policy)) == false ? code : nil
        default: return nil
        }
    }

    private func log(_ aside: UndeliverableRow) -> StoreChange {
        .log(
            EventLogRow(
                at: aside.at, severity: "error", code: "node_management_status_undeliverable",
                message: "A status of \(aside.row.policy) cannot be delivered: the exchange answered \(aside.code): \(aside.answer)",
                policy: aside.row.policy))
    }
}

extension OutboxRow.Content {
    /// What is said, for people.
    fileprivate var short: String {
        switch self {
        case .status(let report): StatusWord.word(report.status)
        case .deletion: "no status any more"
        case .softwareVersions: "the versions that run"
        }
    }
}
