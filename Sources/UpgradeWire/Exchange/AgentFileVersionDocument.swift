/// Which agent files the hub offers, newest first by the writer's order. Lives in org `IBM` only. Source: contract 1.5.
package struct AgentFileVersionDocument: Codable, Hashable, Sendable {
    /// Versions of the agent software; order kept.
    package var agentSoftwareVersions: [String]
    /// Versions of the configuration; order kept.
    package var agentConfigVersions: [String]
    /// Versions of the hub certificate; order kept.
    package var agentCertVersions: [String]
    /// RFC 3339; set by the exchange only.
    package var lastUpdated: String?

    private enum CodingKeys: String, CodingKey { case agentSoftwareVersions, agentConfigVersions, agentCertVersions, lastUpdated }

    /// Empty lists unless given.
    package init(
        agentSoftwareVersions: [String] = [], agentConfigVersions: [String] = [], agentCertVersions: [String] = [],
        lastUpdated: String? = nil
    ) {
        self.agentSoftwareVersions = agentSoftwareVersions
        self.agentConfigVersions = agentConfigVersions
        self.agentCertVersions = agentCertVersions
        self.lastUpdated = lastUpdated
    }

    /// Absent keys are empty lists.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        agentSoftwareVersions = try container.read(.agentSoftwareVersions, or: [])
        agentConfigVersions = try container.read(.agentConfigVersions, or: [])
        agentCertVersions = try container.read(.agentCertVersions, or: [])
        lastUpdated = try container.readText(.lastUpdated)
    }
}
