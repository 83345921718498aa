/// An agreement bot as GET shows it.
package struct AgbotDocument: Codable, Hashable, Sendable {
    /// Masked.
    package var token: String
    /// For people.
    package var name: String
    /// `org/user`.
    package var owner: String
    /// Where messages go.
    package var msgEndPoint: String
    /// RFC 3339.
    package var lastHeartbeat: String
    /// Base64, or empty.
    package var publicKey: String

    /// Memberwise.
    package init(
        token: String = "", name: String = "", owner: String = "", msgEndPoint: String = "", lastHeartbeat: String = "",
        publicKey: String = ""
    ) {
        self.token = token
        self.name = name
        self.owner = owner
        self.msgEndPoint = msgEndPoint
        self.lastHeartbeat = lastHeartbeat
        self.publicKey = publicKey
    }
}

/// The answer to GET of agreement bots. Shape: `org/id` → document.
package struct AgbotsDocument: Codable, Hashable, Sendable {
    /// By `org/id`.
    package var agbots: [String: AgbotDocument]
    /// Always 0.
    package var lastIndex: Int

    /// Memberwise.
    package init(agbots: [String: AgbotDocument] = [:], lastIndex: Int = 0) {
        self.agbots = agbots
        self.lastIndex = lastIndex
    }
}

/// The body of PUT of an agreement bot. Source: `PutAgbotsRequest` of the published API description.
package struct AgbotRequestDocument: Codable, Hashable, Sendable {
    /// The new token.
    package var token: String?
    /// For people.
    package var name: String?
    /// Where messages go.
    package var msgEndPoint: String?
    /// Base64.
    package var publicKey: String?

    /// Nothing is given yet.
    package init() {}
}
