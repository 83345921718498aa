import UpgradeWire

/// The three fields that go with the bytes of an object. They take effect together with the bytes that they sign, so that nobody is
/// ever shown one version's signature with another version's bytes.
package struct ObjectSignature: Codable, Hashable, Sendable {
    /// `SHA1`, `SHA256` or empty.
    package var hashAlgorithm: String
    /// Standard base64, or empty.
    package var publicKey: String
    /// Standard base64, or empty.
    package var signature: String

    /// Takes the fields out of metadata.
    package init(_ metadata: ObjectMetadataDocument) {
        hashAlgorithm = metadata.hashAlgorithm
        publicKey = metadata.publicKey
        signature = metadata.signature
    }

    /// Puts the fields into metadata.
    package func apply(to metadata: inout ObjectMetadataDocument) {
        metadata.hashAlgorithm = hashAlgorithm
        metadata.publicKey = publicKey
        metadata.signature = signature
    }

    /// Whether there is something to verify: all three are given.
    package var isComplete: Bool { !hashAlgorithm.isEmpty && !publicKey.isEmpty && !signature.isEmpty }
}
