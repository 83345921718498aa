import UpgradeModel

/// Digests and signatures against the keys that are pinned on this node. Source: contract 2.4; architecture, "Bytes and trust".
package protocol Trust: Sendable {
    /// A fresh running SHA-256.
    func digest() -> any RunningDigest
    /// Checks an RSASSA-PSS signature (any salt length, MGF1 with SHA-256) over a SHA-256 digest, against the pinned keys only.
    /// - Parameter hint: the public key that came with the data (DER `SubjectPublicKeyInfo`): at most picks among the pinned ones.
    /// - Returns: the name of the pinned key that fits.
    func verify(_ signature: DetachedSignature, over digest: Digest) throws(TrustFailure) -> String
}

/// A SHA-256 under way.
package protocol RunningDigest: AnyObject {
    /// Takes the next bytes.
    func update(_ bytes: [UInt8])
    /// The digest of all bytes so far; the object can go on afterwards.
    func current() -> Digest?
}

/// The signature fields of an object's metadata, undecoded. Source: contract 2.4.
package struct DetachedSignature: Hashable, Codable, Sendable {
    /// `SHA256`; `SHA1` is known and refused.
    package let hashAlgorithm: String
    /// Standard base64 with padding.
    package let publicKey: String
    /// Standard base64 with padding.
    package let signature: String

    /// Memberwise.
    package init(hashAlgorithm: String, publicKey: String, signature: String) {
        self.hashAlgorithm = hashAlgorithm
        self.publicKey = publicKey
        self.signature = signature
    }
}

/// Why bytes are not believed.
package struct TrustFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reasons that are told apart.
    package enum Kind: String, Hashable, Sendable {
        /// Signature, key or algorithm is empty.
        case unsigned
        /// SHA-1 or something unknown.
        case weakAlgorithm
        /// No pinned key fits, or the signature is wrong under the one that should.
        case wrongSignature
        /// Not base64 and the like.
        case malformed
        /// No usable pinned key on this node, or their folder is not safe.
        case noPinnedKeys
    }

    /// Why, in one notion.
    package let kind: Kind
    /// One sentence with found and expected.
    package let explanation: String

    /// Memberwise.
    package init(_ kind: Kind, _ explanation: String) {
        self.kind = kind
        self.explanation = explanation
    }

    package var description: String { explanation }
}

/// Key pairs: the node's own, and a publisher's.
package protocol KeyMaker: Sendable {
    /// A fresh RSA pair of 3072 bits.
    func makeKeyPair() throws(TrustFailure) -> KeyPair
    /// The CSS signature over the digest with a private key (PEM): RSASSA-PSS, SHA-256, the largest salt.
    func sign(_ digest: Digest, privateKeyPEM: String) throws(TrustFailure) -> DetachedSignature
}

/// An RSA key pair as text.
package struct KeyPair: Sendable {
    /// PKCS#8 PEM. Never logged.
    package let privateKeyPEM: String
    /// `SubjectPublicKeyInfo` PEM.
    package let publicKeyPEM: String
    /// SHA-256 over the DER `SubjectPublicKeyInfo`.
    package let publicKeyDigest: Digest

    /// Memberwise.
    package init(privateKeyPEM: String, publicKeyPEM: String, publicKeyDigest: Digest) {
        self.privateKeyPEM = privateKeyPEM
        self.publicKeyPEM = publicKeyPEM
        self.publicKeyDigest = publicKeyDigest
    }
}
