import CCrypto

/// A running SHA-256. Used by one thread at a time.
package final class SHA256 {
    private let digest = RunningDigest(EVP_sha256(), length: 32)

    /// Begins with no bytes.
    package init() {}

    /// Takes the next bytes.
    package func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Takes the next bytes from memory of somebody else.
    package func update(_ bytes: UnsafeRawBufferPointer) { digest.update(bytes) }

    /// The 32 bytes of the digest of everything so far; the object can go on afterwards.
    /// - Returns: nil when OpenSSL failed on the way (no memory), never a digest of less.
    package func current() -> [UInt8]? { digest.current() }

    /// The digest of bytes that are all there.
    package static func digest(of bytes: [UInt8]) throws(CryptoError) -> [UInt8] {
        let running = SHA256()
        running.update(bytes)
        guard let digest = running.current() else { throw .latest("SHA-256") }
        return digest
    }
}
