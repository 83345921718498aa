import UpgradeWire

/// What a status must be to be stored, and how it is shown. Source: contract 1.4.
package enum ManagementStatusRule {
    /// Kept: an empty body breaks the real exchange (502), a missing scheduled time is refused by its database (500).
    package static func check(_ body: JSONValue) throws(Refusal) {
        guard let status = body[member: "agentUpgradePolicyStatus"] else {
            throw Refusal(status: 502, code: "database-connection-error", message: "'agentUpgradePolicyStatus' is missing")
        }
        if status[member: "scheduledTime"] == nil {
            throw .internalError("null value in column \"time_start_scheduled\" violates not-null constraint")
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
