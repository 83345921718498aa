import LibCrypto
import UpgradeModel
import UpgradePorts

/// Key pairs and signatures with OpenSSL.
package struct LiveKeyMaker: KeyMaker {
    /// Nothing to set: strength and scheme are fixed.
    package init() {}

    package func makeKeyPair() throws(TrustFailure) -> KeyPair {
        do throws(CryptoError) {
            let key = try RSAPrivateKey.generate(bits: 3072)
            let publicKey = try key.publicKey()
            let digest = LiveDigest()
            digest.update(try publicKey.der())
            guard let name = digest.current() else { throw CryptoError("SHA-256 failed") }
            return KeyPair(privateKeyPEM: try key.pem(), publicKeyPEM: try publicKey.pem(), publicKeyDigest: name)
        } catch {
            throw TrustFailure(.malformed, "a key pair could not be made: \(error)")
        }
    }

    package func sign(_ digest: Digest, privateKeyPEM: String) throws(TrustFailure) -> DetachedSignature {
        let key: RSAPrivateKey
        do throws(CryptoError) {
            key = try RSAPrivateKey.read(pem: Array(privateKeyPEM.utf8))
        } catch {
            throw TrustFailure(.malformed, "not a private key to sign with: \(error); expected RSA, PEM, without passphrase")
        }
        guard key.bits >= PinnedKeys.fewestBits else {
            throw TrustFailure(.weakAlgorithm, "the private key has \(key.bits) bits, expected at least \(PinnedKeys.fewestBits)")
        }
        do throws(CryptoError) {
            let signature = Base64.encode(try key.sign(sha256: digest.bytes))
            let publicKey = Base64.encode(try key.publicKey().der())
            return DetachedSignature(hashAlgorithm: "SHA256", publicKey: publicKey, signature: signature)
        } catch {
            throw TrustFailure(.malformed, "the signature could not be made: \(error)")
        }
    }
}
