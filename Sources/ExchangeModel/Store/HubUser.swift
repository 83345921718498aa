import UpgradeWire

/// A user as it is stored.
package struct HubUser: Sendable {
    /// What GET shows, with the password masked.
    package var document: UserDocument
    /// The password's hash with its salt and parameters, as text; empty = no password fits.
    package var passwordHash: String

    /// Memberwise.
    package init(document: UserDocument, passwordHash: String) {
        self.document = document
        self.passwordHash = passwordHash
    }
}
