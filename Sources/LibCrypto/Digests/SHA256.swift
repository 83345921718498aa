import CCrypto

/// A running SHA-256. Used by one thread at a time.
package final class SHA256 {
    private let context: OpaquePointer?
    private var isSound: Bool

    /// Begins with no bytes.
    package init() {
        context = EVP_MD_CTX_new()
        isSound = context != nil && EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Takes the next bytes.
    package func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Takes the next bytes from memory of somebody else.
    package func update(_ bytes: UnsafeRawBufferPointer) {
        guard isSound, !bytes.isEmpty else { return }
        isSound = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
    }

    /// The 32 bytes of the digest of everything so far; the object can go on afterwards.
    /// - Returns: nil when OpenSSL failed on the way (no memory), never a digest of less.
    package func current() -> [UInt8]? {
        guard isSound, let copy = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(copy) }
        var digest = [UInt8](repeating: 0, count: 32)
        guard EVP_MD_CTX_copy_ex(copy, context) == 1, EVP_DigestFinal_ex(copy, &digest, nil) == 1 else { return nil }
        return digest
    }

    /// The digest of bytes that are all there.
    package static func digest(of bytes: [UInt8]) throws(CryptoError) -> [UInt8] {
        let running = SHA256()
        running.update(bytes)
        guard let digest = running.current() else { throw .latest("SHA-256") }
        return digest
    }
}
