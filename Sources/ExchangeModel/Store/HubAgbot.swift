import UpgradeWire

/// An agreement bot as it is stored.
package struct HubAgbot: Sendable {
    /// What GET shows, with the token masked.
    package var document: AgbotDocument
    /// The token's hash with its salt, as text.
    package var tokenHash: String

    /// Memberwise.
    package init(document: AgbotDocument, tokenHash: String) {
        self.document = document
        self.tokenHash = tokenHash
    }
}
