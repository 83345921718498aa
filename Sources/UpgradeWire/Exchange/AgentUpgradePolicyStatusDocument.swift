/// How far the upgrade of one policy came on one node. Source: contract 1.4, 3.1.
///
/// PUT leaves out what is nil; the exchange shows `""` for what was never set, and reading turns that into nil again.
package struct AgentUpgradePolicyStatusDocument: Codable, Hashable, Sendable {
    /// When it was or is due, RFC 3339 UTC. The exchange requires it.
    package var scheduledTime: String?
    /// When the installation began, RFC 3339.
    package var startTime: String?
    /// When it ended well, RFC 3339.
    package var endTime: String?
    /// What it upgraded to, or would.
    package var upgradedVersions: UpgradedVersionsDocument?
    /// A status word (contract 4.1); the exchange takes any text.
    package var status: String?
    /// Why it failed.
    package var errorMessage: String?
    /// When the exchange stored it, RFC 3339; a PUT that carries it is refused.
    package var lastUpdated: String?

    private enum CodingKeys: String, CodingKey {
        case scheduledTime, startTime, endTime, upgradedVersions, status, errorMessage, lastUpdated
    }

    /// Nothing unless given.
    package init(
        scheduledTime: String? = nil, startTime: String? = nil, endTime: String? = nil,
        upgradedVersions: UpgradedVersionsDocument? = nil, status: String? = nil, errorMessage: String? = nil,
        lastUpdated: String? = nil
    ) {
        self.scheduledTime = scheduledTime
        self.startTime = startTime
        self.endTime = endTime
        self.upgradedVersions = upgradedVersions
        self.status = status
        self.errorMessage = errorMessage
        self.lastUpdated = lastUpdated
    }

    /// Absent, `null` and `""` are all "not set".
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        scheduledTime = try container.readText(.scheduledTime)
        startTime = try container.readText(.startTime)
        endTime = try container.readText(.endTime)
        upgradedVersions = try container.readIfPresent(.upgradedVersions)
        status = try container.readText(.status)
        errorMessage = try container.readText(.errorMessage)
        lastUpdated = try container.readText(.lastUpdated)
    }
}
