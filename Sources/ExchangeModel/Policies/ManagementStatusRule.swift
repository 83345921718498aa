import UpgradeWire

/// What a status must be to be stored, and how it is shown. Source: contract 1.4.
package enum ManagementStatusRule {
    /// Refuses a body without a status, and a status without its scheduled time, which the real exchange answers with 502 and 500.
    package static func check(_ body: JSONValue) throws(Refusal) {
        guard let status = body[member: "agentUpgradePolicyStatus"] else {
            throw .badInput("the key 'agentUpgradePolicyStatus' is missing in the request body")
        }
        if status[member: "scheduledTime"] == nil {
            throw .badInput("the key 'agentUpgradePolicyStatus.scheduledTime' is missing in the request body")
        }
    }

    /// The status as GET shows it: what was never set is `""`.
    package static func shown(_ stored: AgentUpgradePolicyStatusDocument, lastUpdated: String) -> ManagementStatusDocument {
        let versions = stored.upgradedVersions
        return ManagementStatusDocument(
            agentUpgradePolicyStatus: .init(
                scheduledTime: stored.scheduledTime ?? "", startTime: stored.startTime ?? "", endTime: stored.endTime ?? "",
                upgradedVersions: .init(
                    softwareVersion: versions?.softwareVersion ?? "", certVersion: versions?.certVersion ?? "",
                    configVersion: versions?.configVersion ?? ""),
                status: stored.status ?? "", errorMessage: stored.errorMessage ?? "", lastUpdated: lastUpdated))
    }
}
