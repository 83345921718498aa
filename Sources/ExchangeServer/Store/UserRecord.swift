import UpgradeWire

/// A user as it is stored.
package struct UserRecord: Sendable {
    /// What GET shows, with the password masked.
    package var document: UserDocument
    /// The password's hash with its salt and parameters, as text; empty = no password fits.
    package var passwordHash: String
}
