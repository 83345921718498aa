import UpgradeModel
import UpgradeWire

/// Reads a policy, changes it and writes it back.
struct PolicySwitch {
    let access: ExchangeAccess
    let name: QualifiedName

    /// - Parameter even: writes also when nothing is to be switched.
    /// - Returns: what was done, in the words of contract 6.3.
    func turn(
        on: Bool, even: Bool, change: (inout NodeManagementPolicyRequestDocument) -> Void
    ) throws(CommandError) -> String {
        guard let policy = try access.policy(name) else { throw PolicyListCommand.notFound(name) }
        let word = on ? "enabled" : "disabled"
        if policy.enabled == on && !even { return "Node management policy \(name.shown) is already \(word) in the Horizon Exchange" }
        var request = NodeManagementPolicyRequestDocument(policy)
        // The exchange shows "" for a manifest that was never given; sending that back would give the policy an upgrade without manifest.
        if policy.agentUpgradePolicy.manifest.isEmpty { request.agentUpgradePolicy = nil }
        request.enabled = on
        change(&request)
        let path = HubPath.policy(PolicyID(org: name.org, name: name.name))
        try access.hub.exchange("PUT", path, try JSONText.body(request)).success()
        return "Node management policy \(name.shown) \(word) in the Horizon Exchange"
    }
}
