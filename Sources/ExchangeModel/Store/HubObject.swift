import UpgradeWire

/// A CSS object as it is stored; the bytes lie in a file beside the database.
package struct HubObject: Sendable {
    /// Whether the bytes can be read. Source: contract 2.2.
    package enum Status: String, Sendable {
        /// There are no bytes yet.
        case notReady
        /// There are bytes, and the signature fits if there is one.
        case ready
        /// The last bytes that came did not fit the signature; those before, if any, are still served.
        case verificationFailed
    }

    /// What GET shows. Org, type and id in it are those of the path.
    package var metadata: ObjectMetadataDocument
    /// Where the upload stands.
    package var status: Status
    /// Bare name of the data file; nil = no bytes.
    package var dataFile: String?
    /// Strong entity tag of the bytes, with its quotes.
    package var entityTag: String
    /// Signature of bytes that are yet to come; nil = the metadata's own.
    package var pendingSignature: ObjectSignature?

    /// Memberwise.
    package init(
        metadata: ObjectMetadataDocument, status: Status, dataFile: String?, entityTag: String, pendingSignature: ObjectSignature? = nil
    ) {
        self.metadata = metadata
        self.status = status
        self.dataFile = dataFile
        self.entityTag = entityTag
        self.pendingSignature = pendingSignature
    }
}
