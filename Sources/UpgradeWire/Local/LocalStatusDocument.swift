import UpgradeModel

/// A status as the agent's local API shows it. Source: contract 3.1; `x-uplift` is our addition, which a real client ignores.
package struct LocalStatusDocument: Codable, Hashable, Sendable {
    /// The part that the exchange knows too.
    package struct Policy: Codable, Hashable, Sendable {
        package var scheduledTime: String
        package var startTime: String?
        package var endTime: String?
        package var upgradedVersions: UpgradedVersionsDocument
        package var status: String
        package var errorMessage: String?
        package var workingDirectory: String?
    }

    /// What only the agent knows.
    package struct Internal: Codable, Hashable, Sendable {
        package struct Latest: Codable, Hashable, Sendable {
            package var softwareLatest = false
            package var configLatest = false
            package var certLatest = false
        }
        package var allowDowngrade: Bool
        package var manifest: String
        package var scheduledUnixTime: String
        package var latestMap = Latest()
        package var downloadAttempts: Int
    }

    /// Why it is where it is, and until when.
    package struct Explanation: Codable, Hashable, Sendable {
        /// Name of the state, more exact than the word.
        package var state: String
        /// What it waits for.
        package var reason: String
        /// When it moves on by itself; nil when it is final or waits for the installer.
        package var next: String?
        /// Tries of the present attempt that failed.
        package var failedTries: Int
    }

    package var agentUpgradePolicyStatus: Policy
    package var agentUpgradeInternal: Internal?
    package var explanation: Explanation

    private enum CodingKeys: String, CodingKey {
        case agentUpgradePolicyStatus, agentUpgradeInternal
        case explanation = "x-uplift"
    }

    /// Memberwise.
    package init(agentUpgradePolicyStatus: Policy, agentUpgradeInternal: Internal?, explanation: Explanation) {
        self.agentUpgradePolicyStatus = agentUpgradePolicyStatus
        self.agentUpgradeInternal = agentUpgradeInternal
        self.explanation = explanation
    }
}

extension LocalStatusDocument.Policy {
    /// Memberwise.
    package init(
        scheduled: UTCInstant, started: UTCInstant?, ended: UTCInstant?, versions: [Component: String], status: Status, message: String,
        folder: String?
    ) {
        scheduledTime = scheduled.rfc3339()
        startTime = started?.rfc3339()
        endTime = ended?.rfc3339()
        upgradedVersions = UpgradedVersionsDocument(
            softwareVersion: versions[.software] ?? "", certVersion: versions[.certificate] ?? "", configVersion: versions[.configuration] ?? "")
        self.status = StatusWord.word(status)
        errorMessage = message.isEmpty ? nil : message
        workingDirectory = folder
    }
}

extension LocalStatusDocument.Internal {
    /// Memberwise.
    package init(allowDowngrade: Bool, manifest: String, scheduled: UTCInstant, failedTries: Int) {
        self.allowDowngrade = allowDowngrade
        self.manifest = manifest
        scheduledUnixTime = scheduled.rfc3339()
        downloadAttempts = failedTries
    }
}

extension LocalStatusDocument.Explanation {
    /// Memberwise.
    package init(stateName: String, why: String, until: UTCInstant?, tries: Int) {
        state = stateName
        reason = why
        next = until?.rfc3339()
        failedTries = tries
    }
}
