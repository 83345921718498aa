/// The body of POST and PUT of a user.
package struct UserRequestDocument: Codable, Hashable, Sendable {
    /// The secret. Never logged.
    package var password: String?
    /// Whether the user administers its org; absent = no.
    package var admin: Bool?
    /// Whether the user administers the hub; absent = no.
    package var hubAdmin: Bool?
    /// Address for people.
    package var email: String?

    /// Nothing is sent unless given.
    package init(password: String? = nil, admin: Bool? = nil, hubAdmin: Bool? = nil, email: String? = nil) {
        self.password = password
        self.admin = admin
        self.hubAdmin = hubAdmin
        self.email = email
    }
}
