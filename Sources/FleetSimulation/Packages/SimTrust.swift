import UpgradeModel
import UpgradePorts

/// Digests and signatures that cost next to nothing and keep the rules: other bytes have another digest, and nobody signs for another. Real ones
/// are judged in the tests of their own room.
struct SimTrust: Trust {
    /// The name of the key that the nodes trust.
    static let key = "release-key"

    func digest() -> any RunningDigest { SimDigest() }

    func verify(_ signature: DetachedSignature, over digest: Digest) throws(TrustFailure) -> String {
        guard !signature.signature.isEmpty else { throw TrustFailure(.unsigned, "found no signature") }
        guard signature.signature == SimTrust.sign(digest, by: SimTrust.key).signature else {
            throw TrustFailure(.wrongSignature, "the signature does not fit the bytes under any pinned key")
        }
        return SimTrust.key
    }

    /// What the holder of a key says of a digest.
    static func sign(_ digest: Digest, by key: String) -> DetachedSignature {
        DetachedSignature(hashAlgorithm: "SHA256", publicKey: key, signature: "\(key) signs \(digest.hex)")
    }

    /// What the holder of a key says of these bytes.
    static func sign(_ bytes: [UInt8], by key: String) -> DetachedSignature {
        let digest = SimDigest()
        digest.update(bytes)
        guard let found = digest.current() else { return DetachedSignature(hashAlgorithm: "", publicKey: "", signature: "") }
        return sign(found, by: key)
    }
}

/// The FNV-1a rule on two lanes, spread over 32 bytes.
final class SimDigest: RunningDigest {
    private var lanes: (UInt64, UInt64) = (0xCBF2_9CE4_8422_2325, 0x8422_2325_CBF2_9CE4)

    func update(_ bytes: [UInt8]) {
        for byte in bytes {
            lanes.0 = (lanes.0 ^ UInt64(byte)) &* 0x100_0000_01B3
            lanes.1 = (lanes.1 &+ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15 ^ (lanes.1 >> 29)
        }
    }

    func current() -> Digest? {
        let parts = [lanes.0, lanes.1, lanes.0 ^ (lanes.1 << 7), lanes.1 ^ (lanes.0 << 13)]
        return Digest(bytes: parts.flatMap { part in (0..<8).map { UInt8(truncatingIfNeeded: part >> (8 * $0)) } })
    }
}

/// No keys are made here: the nodes were registered before the run began.
struct NoKeys: KeyMaker {
    func makeKeyPair() throws(TrustFailure) -> KeyPair { throw TrustFailure(.noPinnedKeys, "a simulated node makes no keys") }

    func sign(_ digest: Digest, privateKeyPEM: String) throws(TrustFailure) -> DetachedSignature {
        throw TrustFailure(.noPinnedKeys, "a simulated node signs nothing")
    }
}
