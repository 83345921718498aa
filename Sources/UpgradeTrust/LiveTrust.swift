import LibCrypto
import UpgradeModel
import UpgradePorts

/// Digests and signatures with OpenSSL, against keys that were loaded once.
package struct LiveTrust: Trust {
    private let keys: PinnedKeys
    /// Why nobody is believed, if the keys themselves cannot be.
    private let distrust: TrustFailure?

    /// - Parameter keys: who is believed on this node.
    package init(keys: PinnedKeys) {
        self.keys = keys
        distrust = nil
    }

    /// Believes the keys of a folder, or nobody when the folder breaks the rules of `PinnedKeys`: the node goes on with what it has, and
    /// every upgrade ends with the reason, where its operator sees it.
    package init(folder: String) {
        do throws(TrustFailure) {
            self.init(keys: try PinnedKeys.load(folder: folder))
        } catch {
            self.init(keys: PinnedKeys(folder: folder, all: []), distrust: error)
        }
    }

    private init(keys: PinnedKeys, distrust: TrustFailure?) {
        self.keys = keys
        self.distrust = distrust
    }

    /// Why nobody is believed, for the log; nil when the keys are in order.
    package var trouble: String? { distrust?.explanation }

    package func digest() -> any RunningDigest {
        LiveDigest()
    }

    package func verify(_ signature: DetachedSignature, over digest: Digest) throws(TrustFailure) -> String {
        let (hint, bytes) = try read(signature)
        if let distrust { throw distrust }
        guard !keys.all.isEmpty else { throw noKeys() }
        // A key that came with the data only says whom to ask first; one that was encoded anew must not lock its owner out.
        let (asked, others) = (keys.all.filter { $0.der == hint }, keys.all.filter { $0.der != hint })
        if let right = (asked + others).first(where: { $0.key.isRight(bytes, overSHA256: digest.bytes) }) { return right.name }
        throw wrong(asked.first, digest)
    }

    /// The hint and the signature, once the fields are whole.
    private func read(_ signature: DetachedSignature) throws(TrustFailure) -> (hint: [UInt8], signature: [UInt8]) {
        let fields = [
            ("hash algorithm", signature.hashAlgorithm), ("public key", signature.publicKey), ("signature", signature.signature),
        ]
        let empty = fields.filter(\.1.isEmpty).map(\.0)
        guard empty.isEmpty else {
            throw TrustFailure(.unsigned, "not signed: \(empty.joined(separator: ", ")) empty; publish it again with a signing key")
        }
        guard signature.hashAlgorithm == "SHA256" else {
            let found = signature.hashAlgorithm.prefix(40)
            throw TrustFailure(.weakAlgorithm, "signed with hash algorithm \(found), only SHA256 is accepted; sign it again with SHA256")
        }
        guard let hint = Base64.decode(signature.publicKey) else { throw notBase64("public key", signature.publicKey) }
        guard let bytes = Base64.decode(signature.signature) else { throw notBase64("signature", signature.signature) }
        return (hint, bytes)
    }

    private func notBase64(_ field: String, _ text: String) -> TrustFailure {
        TrustFailure(.malformed, "the \(field) (\(text.utf8.count) bytes) is not standard base64 with padding")
    }

    private func noKeys() -> TrustFailure {
        TrustFailure(
            .noPinnedKeys, "no trusted key: put the publisher's public key (PEM) as a .pem file into \(keys.folder) and restart the agent")
    }

    private func wrong(_ named: PinnedKeys.Key?, _ digest: Digest) -> TrustFailure {
        let tried = keys.all.count == 1 ? "the one trusted key" : "each of the \(keys.all.count) trusted keys"
        let reason = named.map { "it names \($0.name), so bytes or signature were changed" } ?? "the key that it names is not among them"
        let remedy = named == nil ? "; if you trust its publisher, put that key into \(keys.folder)" : ""
        return TrustFailure(
            .wrongSignature, "the signature over SHA-256 \(digest) is wrong under \(tried) in \(keys.folder): \(reason)\(remedy)")
    }
}
