import UpgradeModel

/// A status as the agent's local API shows it. Source: contract 3.1; `x-uplift` is our addition, which a real client ignores.
package struct LocalStatusDocument: Codable, Hashable, Sendable {
    /// The part that the exchange knows too.
    package struct Policy: Codable, Hashable, Sendable {
        /// When it may start, UTC without fraction.
        package var scheduledTime: String
        /// When it was handed to the installer, RFC 3339; nil = not yet.
        package var startTime: String?
        /// When it was committed, RFC 3339; nil = not, or ended otherwise.
        package var endTime: String?
        /// Versions that it leads to.
        package var upgradedVersions: UpgradedVersionsDocument
        /// The status word.
        package var status: String
        /// Why it is where it is; nil = nothing to explain.
        package var errorMessage: String?
        /// The attempt's folder; nil = none.
        package var workingDirectory: String?
    }

    /// What only the agent knows.
    package struct Internal: Codable, Hashable, Sendable {
        /// Which kinds follow the newest version that is offered; always none, kept for readers.
        package struct Latest: Codable, Hashable, Sendable {
            /// Software.
            package var softwareLatest = false
            /// Configuration.
            package var configLatest = false
            /// Certificate.
            package var certLatest = false
        }
        /// May a component go to a lower version.
        package var allowDowngrade: Bool
        /// `org/id` or `id` of the manifest.
        package var manifest: String
        /// The same instant as `scheduledTime`, RFC 3339 (the key's name is kept).
        package var scheduledUnixTime: String
        /// See `Latest`.
        package var latestMap = Latest()
        /// Failed tries so far.
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
        /// What the probes of the last attempt found; nil until it has ended, and where nothing was tried.
        package var health: HealthDocument?
    }

    /// What the exchange knows too.
    package var agentUpgradePolicyStatus: Policy
    /// What only the agent knows; nil for a job whose record was lost.
    package var agentUpgradeInternal: Internal?
    /// Why and until when; `x-uplift` on the wire.
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
            softwareVersion: versions[.software] ?? "", certVersion: versions[.certificate] ?? "",
            configVersion: versions[.configuration] ?? "")
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
    package init(stateName: String, why: String, until: UTCInstant?, tries: Int, health: HealthDocument?) {
        self.health = health
        state = stateName
        reason = why
        next = until?.rfc3339()
        failedTries = tries
    }
}
