import CCrypto

/// An RSA public key. `@unchecked Sendable`: OpenSSL only reads it after it was made, each check has its own context.
package final class RSAPublicKey: @unchecked Sendable {
    private let key: OpaquePointer

    /// Takes over the key.
    init(owning key: OpaquePointer) {
        self.key = key
    }

    deinit { EVP_PKEY_free(key) }

    /// Reads a DER `SubjectPublicKeyInfo`, all of it.
    package static func read(der: [UInt8]) throws(CryptoError) -> RSAPublicKey {
        let key = der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            guard let start = buffer.baseAddress else { return nil }
            var next: UnsafePointer<UInt8>? = start
            guard let key = d2i_PUBKEY(nil, &next, buffer.count) else { return nil }
            if next == start + buffer.count { return key }
            EVP_PKEY_free(key)
            return nil
        }
        guard let key else { throw .latest("reading a public key") }
        guard EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA else {
            EVP_PKEY_free(key)
            throw CryptoError("the public key is not an RSA key")
        }
        return RSAPublicKey(owning: key)
    }

    /// Reads a PEM text with exactly one block, a `PUBLIC KEY`.
    package static func read(pem: [UInt8]) throws(CryptoError) -> RSAPublicKey {
        let blocks = PEM.blocks(of: pem)
        guard let block = blocks.first, blocks.count == 1, block.label == "PUBLIC KEY" else {
            let found = blocks.isEmpty ? "none" : blocks.map(\.label).joined(separator: ", ")
            throw CryptoError("expected one PEM block PUBLIC KEY, found \(found)")
        }
        return try read(der: block.bytes)
    }

    /// The length of the modulus.
    package var bits: Int { Int(EVP_PKEY_get_bits(key)) }

    /// The DER `SubjectPublicKeyInfo`.
    package func der() throws(CryptoError) -> [UInt8] {
        var start: UnsafeMutablePointer<UInt8>?
        let count = i2d_PUBKEY(key, &start)
        guard count > 0, let start else { throw .latest("writing a public key") }
        defer { uplift_crypto_free(start) }
        return Array(UnsafeBufferPointer(start: start, count: Int(count)))
    }

    /// The PEM `SubjectPublicKeyInfo`.
    package func pem() throws(CryptoError) -> String {
        guard let text = PEM.text({ PEM_write_bio_PUBKEY($0, key) == 1 }) else { throw .latest("writing a public key") }
        return text
    }

    /// True when the signature over the SHA-256 digest is right: RSASSA-PSS, MGF1 with SHA-256, whatever the length of its salt.
    package func isRight(_ signature: [UInt8], overSHA256 digest: [UInt8]) -> Bool {
        digest.count == 32 && isRight(signature, over: digest, hash: EVP_sha256())
    }

    /// The same with SHA-1 in both places. It proves that data arrived whole, not who made it.
    package func isRight(_ signature: [UInt8], overSHA1 digest: [UInt8]) -> Bool {
        digest.count == 20 && isRight(signature, over: digest, hash: EVP_sha1())
    }

    private func isRight(_ signature: [UInt8], over digest: [UInt8], hash: OpaquePointer?) -> Bool {
        defer { ERR_clear_error() }
        guard !signature.isEmpty, let context = EVP_PKEY_CTX_new(key, nil) else { return false }
        defer { EVP_PKEY_CTX_free(context) }
        return EVP_PKEY_verify_init(context) == 1
            && PSS.set(context, hash: hash, saltLength: RSA_PSS_SALTLEN_AUTO)
            && EVP_PKEY_verify(context, signature, signature.count, digest, digest.count) == 1
    }
}
