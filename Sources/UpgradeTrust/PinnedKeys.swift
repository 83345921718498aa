import LibCrypto
import Glibc
import UpgradePorts

/// The public keys that this node believes: the `*.pem` files of one folder, each an RSA `SubjectPublicKeyInfo`.
///
/// They are the root of all trust, so whoever could change them owns the node: the folder and each file must belong to root or to
/// the user who runs us, and nobody else may write them. A folder that is absent or empty is no error; then no signature is believed.
/// Source: architecture, "Bytes and trust".
package struct PinnedKeys: Sendable {
    /// One believed key.
    package struct Key: Sendable {
        /// The name of its file.
        package let name: String
        /// Its DER `SubjectPublicKeyInfo`.
        package let der: [UInt8]
        let key: RSAPublicKey
    }

    /// Where they are, for error messages.
    package let folder: String
    /// In the order of their names.
    package let all: [Key]

    /// Shorter RSA keys can be factored within the life of a node.
    static let fewestBits = 2048
    private static let mostKeys = 64

    /// Reads and checks the folder.
    /// - Parameter folder: an absolute path, usually `<root>/etc/uplift/trusted-keys.d`.
    /// - Throws: kind `noPinnedKeys`, with the path and the remedy. None of the keys may be used then: one that others can write is worse
    ///   than none.
    package static func load(folder: String) throws(TrustFailure) -> PinnedKeys {
        guard let place = try KeyFolder.open(folder) else { return PinnedKeys(folder: folder, all: []) }
        let names = try place.keyNames()
        guard names.count <= mostKeys else {
            throw TrustFailure(.noPinnedKeys, "\(folder) holds \(names.count) keys, at most \(mostKeys) are read: remove those not in use")
        }
        var keys: [Key] = []
        for name in names { keys.append(try key(name, try place.read(name), "\(folder)/\(name)")) }
        return PinnedKeys(folder: folder, all: keys)
    }

    private static func key(_ name: String, _ pem: [UInt8], _ path: String) throws(TrustFailure) -> Key {
        let key: Key
        do throws(CryptoError) {
            let read = try RSAPublicKey.read(pem: pem)
            key = Key(name: name, der: try read.der(), key: read)
        } catch {
            throw TrustFailure(
                .noPinnedKeys, "\(path) is not a usable public key: \(error); remove it, or export it with openssl pkey -pubout")
        }
        guard key.key.bits >= fewestBits else {
            throw TrustFailure(
                .noPinnedKeys, "\(path): the key has \(key.key.bits) bits, expected RSA with at least \(fewestBits): replace it")
        }
        return key
    }
}
