import UpgradeWire

/// How statuses are shown.
enum StatusView {
    /// The status word.
    static func short(_ status: ManagementStatusDocument) -> JSONValue { .string(status.agentUpgradePolicyStatus.status ?? "") }

    /// The whole object, without what the exchange adds: the documented keys are those that the node sent.
    static func long(_ status: ManagementStatusDocument) throws(CommandError) -> JSONValue {
        var copy = status
        copy.agentUpgradePolicyStatus.lastUpdated = nil
        return try JSONText.value(copy)
    }
}
