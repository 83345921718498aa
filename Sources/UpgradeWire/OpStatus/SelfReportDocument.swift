/// What a node tells a hub that has asked for it with `selfReport` in its answer to a poll: `POST orgs/{org}/nodes/{node}/selfReport`.
/// An addition of `uplift-exchange`; other hubs never ask, so they are never sent it.
package struct SelfReportDocument: Codable, Hashable, Sendable {
    /// How the node is; nil = it does not say.
    package var health: NodeHealthDocument?
    /// Records of operation status, the oldest writing first: each one stands for the one with its id that was told before.
    package var opstatus: [OperationDocument]

    /// Memberwise.
    package init(health: NodeHealthDocument? = nil, opstatus: [OperationDocument] = []) {
        self.health = health
        self.opstatus = opstatus
    }

    /// Absent keys: nothing of that is told.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        health = try container.decodeIfPresent(NodeHealthDocument.self, forKey: .health)
        opstatus = try container.read(.opstatus, or: [])
    }
}

/// What a node said last of how it is, as the hub keeps it: `GET orgs/{org}/nodes/{node}/health`.
package struct ReportedHealthDocument: Codable, Hashable, Sendable {
    /// When the hub was told, RFC 3339.
    package var received: String
    /// What the node said.
    package var health: NodeHealthDocument

    /// Memberwise.
    package init(received: String, health: NodeHealthDocument) {
        self.received = received
        self.health = health
    }
}
