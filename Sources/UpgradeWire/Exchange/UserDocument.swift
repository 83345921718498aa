/// A user as the exchange shows it; the password is never shown. Source: the published API description.
package struct UserDocument: Codable, Hashable, Sendable {
    /// Always masked by the exchange.
    package var password: String
    /// Whether the user administers its org.
    package var admin: Bool
    /// Whether the user administers orgs and users of the whole hub.
    package var hubAdmin: Bool
    /// Address for people.
    package var email: String
    /// RFC 3339.
    package var lastUpdated: String
    /// `org/user` who wrote it last.
    package var updatedBy: String

    private enum CodingKeys: String, CodingKey { case password, admin, hubAdmin, email, lastUpdated, updatedBy }

    /// A plain user unless told otherwise.
    package init(
        password: String = "", admin: Bool = false, hubAdmin: Bool = false, email: String = "", lastUpdated: String = "",
        updatedBy: String = ""
    ) {
        self.password = password
        self.admin = admin
        self.hubAdmin = hubAdmin
        self.email = email
        self.lastUpdated = lastUpdated
        self.updatedBy = updatedBy
    }

    /// Absent keys take the defaults of the other initializer.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        password = try container.read(.password, or: "")
        admin = try container.read(.admin, or: false)
        hubAdmin = try container.read(.hubAdmin, or: false)
        email = try container.read(.email, or: "")
        lastUpdated = try container.read(.lastUpdated, or: "")
        updatedBy = try container.read(.updatedBy, or: "")
    }
}
