import CCrypto

/// An RSA private key. `@unchecked Sendable`: OpenSSL locks what signing changes inside, each signature has its own context.
package final class RSAPrivateKey: @unchecked Sendable {
    private let key: OpaquePointer

    private init(owning key: OpaquePointer) {
        self.key = key
    }

    deinit { EVP_PKEY_free(key) }

    /// A fresh key. 3072 bits take some tenths of a second.
    package static func generate(bits: Int32 = 3072) throws(CryptoError) -> RSAPrivateKey {
        guard let context = EVP_PKEY_CTX_new_from_name(nil, "RSA", nil) else { throw .latest("making an RSA key") }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_CTX_set_rsa_keygen_bits(context, bits) == 1,
            EVP_PKEY_generate(context, &key) == 1, let key
        else { throw .latest("making an RSA key") }
        return RSAPrivateKey(owning: key)
    }

    /// Reads the first private key of a PEM text, PKCS#8 or the older RSA form; never one with a passphrase.
    package static func read(pem: [UInt8]) throws(CryptoError) -> RSAPrivateKey {
        guard let source = PEM.source(pem) else { throw CryptoError("reading a private key: the text is empty or far too long") }
        defer { BIO_free(source) }
        guard let key = PEM_read_bio_PrivateKey(source, nil, uplift_crypto_no_passphrase, nil) else {
            throw .latest("reading a private key")
        }
        guard EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA else {
            EVP_PKEY_free(key)
            throw CryptoError("the private key is not an RSA key")
        }
        return RSAPrivateKey(owning: key)
    }

    /// The length of the modulus.
    package var bits: Int { Int(EVP_PKEY_get_bits(key)) }

    /// The PKCS#8 PEM, without passphrase. Never logged.
    package func pem() throws(CryptoError) -> String {
        guard let text = PEM.text({ PEM_write_bio_PKCS8PrivateKey($0, key, nil, nil, 0, nil, nil) == 1 }) else {
            throw .latest("writing a private key")
        }
        return text
    }

    /// The public half.
    package func publicKey() throws(CryptoError) -> RSAPublicKey {
        var start: UnsafeMutablePointer<UInt8>?
        let count = i2d_PUBKEY(key, &start)
        guard count > 0, let start else { throw .latest("taking the public half of a key") }
        defer { uplift_crypto_free(start) }
        return try RSAPublicKey.read(der: Array(UnsafeBufferPointer(start: start, count: Int(count))))
    }

    /// RSASSA-PSS over the SHA-256 digest, MGF1 with SHA-256, the largest salt that fits.
    package func sign(sha256 digest: [UInt8]) throws(CryptoError) -> [UInt8] {
        guard digest.count == 32 else { throw CryptoError("signing: the digest has \(digest.count) bytes, expected 32") }
        guard let context = EVP_PKEY_CTX_new(key, nil) else { throw .latest("signing") }
        defer { EVP_PKEY_CTX_free(context) }
        var count = 0
        guard EVP_PKEY_sign_init(context) == 1, PSS.set(context, hash: EVP_sha256(), saltLength: RSA_PSS_SALTLEN_MAX),
            EVP_PKEY_sign(context, nil, &count, digest, digest.count) == 1
        else { throw .latest("signing") }
        var signature = [UInt8](repeating: 0, count: count)
        guard EVP_PKEY_sign(context, &signature, &count, digest, digest.count) == 1 else { throw .latest("signing") }
        return Array(signature.prefix(count))
    }
}
