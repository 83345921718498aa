import UpgradeCore
import UpgradeModel
import UpgradeWire

extension JobState {
    /// The job as the local API shows it.
    func document(stateFolder: String, hold: Hold?, health: HealthReport? = nil) -> LocalStatusDocument {
        let known =
            facts ?? JobFacts(terms: JobTerms(manifest: "", allowDowngrade: false, start: "", startWindow: 0), scheduled: .distantPast)
        return LocalStatusDocument(
            agentUpgradePolicyStatus: .init(
                scheduled: known.scheduled, started: known.started, ended: known.ended, versions: known.versions, status: status,
                message: message, folder: ticket.map { stateFolder + "/" + Layout.job($0).text }),
            agentUpgradeInternal: facts.map {
                .init(
                    allowDowngrade: $0.terms.allowDowngrade, manifest: $0.terms.manifest, scheduled: $0.scheduled, failedTries: failedTries)
            }, explanation: explanation(hold, health.map { HealthDocument($0) }))
    }

    private func explanation(_ hold: Hold?, _ health: HealthDocument?) -> LocalStatusDocument.Explanation {
        let held = waitsForHold ? hold : nil
        return .init(
            stateName: name, why: held.map { "the end of the hold: this node is \($0.sentence)" } ?? waitsFor,
            until: held == nil ? wake : nil, tries: failedTries, health: health)
    }

    /// What a held node keeps from going on.
    private var waitsForHold: Bool {
        switch self {
        case .waiting, .paused: true
        case .planning, .downloading, .unpacking, .asking, .handedOver, .cancelling, .onTrial, .rollingBack, .rollbackFailed, .ended,
            .quarantined:
            false
        }
    }

    /// The state's own name, more exact than the status word.
    var name: String {
        switch self {
        case .waiting: "waiting"
        case .planning: "planning"
        case .downloading: "downloading"
        case .unpacking: "unpacking"
        case .asking: "asking"
        case .paused: "paused"
        case .handedOver: "handed-over"
        case .cancelling: "cancelling"
        case .onTrial: "on-trial"
        case .rollingBack: "rolling-back"
        case .rollbackFailed: "rollback-failed"
        case .ended: "ended"
        case .quarantined: "quarantined"
        }
    }

    /// What it waits for, in words.
    private var waitsFor: String {
        switch self {
        case .waiting: "its start, and for other upgrades to end"
        case .planning: "manifest and metadata from the hub"
        case .downloading: "files from the hub"
        case .unpacking: "the package to be unpacked"
        case .asking: "the turn of its high-availability group"
        case .paused(_, _, let pause): "the next try, because \(pause.reason)"
        case .handedOver: "the installer to begin"
        case .cancelling: "the installer to stop"
        case .onTrial: "the installer's verdict on the new release"
        case .rollingBack: "the old release to answer"
        case .rollbackFailed: "the old release to start, which is tried again and again"
        case .ended(_, let ending): ending.reason
        case .quarantined: "a reset"
        }
    }

    private var failedTries: Int {
        switch self {
        case .planning(_, let attempt), .downloading(_, let attempt, _), .unpacking(_, let attempt, _), .asking(_, let attempt, _, _),
            .paused(_, let attempt, _):
            attempt.failures
        case .waiting, .handedOver, .cancelling, .onTrial, .rollingBack, .rollbackFailed, .ended, .quarantined: 0
        }
    }
}
