import CCrypto

/// A digest that takes its bytes piece by piece. Used by one thread at a time.
final class RunningDigest {
    private let context: OpaquePointer?
    private let length: Int
    private var isSound: Bool

    /// Begins with no bytes.
    /// - Parameters:
    ///   - kind: OpenSSL's `EVP_MD`.
    ///   - length: How many bytes its digests have.
    init(_ kind: OpaquePointer?, length: Int) {
        self.length = length
        context = EVP_MD_CTX_new()
        isSound = context != nil && EVP_DigestInit_ex(context, kind, nil) == 1
    }

    deinit { EVP_MD_CTX_free(context) }

    func update(_ bytes: UnsafeRawBufferPointer) {
        guard isSound, !bytes.isEmpty else { return }
        isSound = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
    }

    /// The digest of everything so far; nil when OpenSSL failed on the way, never a digest of less.
    func current() -> [UInt8]? {
        guard isSound, let copy = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(copy) }
        var digest = [UInt8](repeating: 0, count: length)
        guard EVP_MD_CTX_copy_ex(copy, context) == 1, EVP_DigestFinal_ex(copy, &digest, nil) == 1 else { return nil }
        return digest
    }
}
