import CCrypto

/// A running SHA-1. It is broken; the hub needs it for signatures that the real CSS takes too, and nothing else may use it.
/// Used by one thread at a time.
package final class SHA1 {
    private let digest = RunningDigest(EVP_sha1(), length: 20)

    /// Begins with no bytes.
    package init() {}

    /// Takes the next bytes from memory of somebody else.
    package func update(_ bytes: UnsafeRawBufferPointer) { digest.update(bytes) }

    /// The 20 bytes of the digest of everything so far; nil when OpenSSL failed on the way.
    package func current() -> [UInt8]? { digest.current() }
}
