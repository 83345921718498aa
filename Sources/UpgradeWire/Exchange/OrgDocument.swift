/// An organisation as the exchange shows it. Source: the published API description, contract 1.6 (heartbeat intervals).
package struct OrgDocument: Codable, Hashable, Sendable {
    /// Free kind of the org; `IBM` marks a multi-tenant one.
    package var orgType: String
    /// Short name for people.
    package var label: String
    /// Longer text for people.
    package var description: String
    /// RFC 3339; set by the exchange only.
    package var lastUpdated: String?
    /// Free labels; nil = none.
    package var tags: [String: String]?
    /// How many nodes the org may have.
    package var limits: OrgLimitsDocument
    /// How often its nodes poll, unless the node says otherwise.
    package var heartbeatIntervals: HeartbeatIntervalsDocument

    private enum CodingKeys: String, CodingKey { case orgType, label, description, lastUpdated, tags, limits, heartbeatIntervals }

    /// Nothing set unless given.
    package init(
        orgType: String = "", label: String = "", description: String = "", lastUpdated: String? = nil, tags: [String: String]? = nil,
        limits: OrgLimitsDocument = .init(), heartbeatIntervals: HeartbeatIntervalsDocument = .init()
    ) {
        self.orgType = orgType
        self.label = label
        self.description = description
        self.lastUpdated = lastUpdated
        self.tags = tags
        self.limits = limits
        self.heartbeatIntervals = heartbeatIntervals
    }

    /// Absent keys take the defaults of the other initializer.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        orgType = try container.read(.orgType, or: "")
        label = try container.read(.label, or: "")
        description = try container.read(.description, or: "")
        lastUpdated = try container.readText(.lastUpdated)
        tags = try container.readIfPresent(.tags)
        limits = try container.read(.limits, or: .init())
        heartbeatIntervals = try container.read(.heartbeatIntervals, or: .init())
    }
}
