import FoundationEssentials
import UpgradeModel
import UpgradePorts

/// `health.json` in the job's folder: what worked before the upgrade, and with the verdict what the trial found.
enum HealthFile {
    /// Nil when there is none, or none that can be read: then nothing is known, and nothing follows from it.
    static func read(_ ticket: Ticket, in tree: any FileTree) -> HealthReport? {
        guard let bytes = try? tree.contents(Layout.health(ticket)),
            let report = try? JSONDecoder().decode(HealthReport.self, from: Data(bytes)), report.ticket == ticket
        else { return nil }
        return report
    }

    /// Durable when it returns.
    static func write(_ report: HealthReport, in tree: any FileTree) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try tree.replace(Layout.health(report.ticket), with: [UInt8](encoder.encode(report)), mode: 0o600)
    }

    /// The verdict is kept if it can be. An older one that no record followed must not be taken for it; a baseline alone may stay.
    static func keep(_ report: HealthReport, in tree: any FileTree) {
        do { try write(report, in: tree) } catch {
            if read(report.ticket, in: tree)?.results.isEmpty == false { try? tree.removeIfPresent(Layout.health(report.ticket)) }
        }
    }

    /// What becomes of the report when the job has ended so, in the transaction of its final record; nothing when it is about another ending.
    static func changes(_ report: HealthReport?, _ policy: PolicyID, isGood: Bool) -> [StoreChange] {
        guard let report, !report.results.isEmpty, report.isGood == isGood else { return [] }
        let rows = report.results.map { result in
            EventLogRow(
                at: result.at, severity: result.verdict == .failed ? "error" : "info", code: "upgrade_health",
                message: "Health of the new release for \(policy): \(result.name) \(result.verdict.rawValue): \(result.sentence)",
                policy: policy)
        }
        return [.keepHealth(policy, report)] + rows.map { .log($0) }
    }
}
