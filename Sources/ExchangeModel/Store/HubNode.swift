import UpgradeWire

/// A node as it is stored.
package struct HubNode: Sendable {
    /// What GET shows, with the token masked.
    package var document: NodeDocument
    /// The token's hash with its salt, as text; empty = no token fits.
    package var tokenHash: String

    /// Memberwise.
    package init(document: NodeDocument, tokenHash: String) {
        self.document = document
        self.tokenHash = tokenHash
    }
}
