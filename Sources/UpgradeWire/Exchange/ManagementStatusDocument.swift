/// The status of one management policy on one node, as PUT sends it and GET shows it. Source: contract 1.4.
package struct ManagementStatusDocument: Codable, Hashable, Sendable {
    /// The only kind of management there is: the agent's upgrade.
    package var agentUpgradePolicyStatus: AgentUpgradePolicyStatusDocument

    private enum CodingKeys: String, CodingKey { case agentUpgradePolicyStatus }

    /// Wraps a status.
    package init(agentUpgradePolicyStatus: AgentUpgradePolicyStatusDocument) {
        self.agentUpgradePolicyStatus = agentUpgradePolicyStatus
    }

    /// An absent status is an empty one.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        agentUpgradePolicyStatus = try container.read(.agentUpgradePolicyStatus, or: .init())
    }
}
