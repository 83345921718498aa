import CCrypto

/// HMAC with SHA-256: a digest that only a holder of the key can make.
package enum HMACSHA256 {
    /// The 32 bytes of the code.
    package static func code(of bytes: [UInt8], key: [UInt8]) throws(CryptoError) -> [UInt8] {
        guard let keyLength = Int32(exactly: key.count) else { throw CryptoError("HMAC: the key has \(key.count) bytes, too many") }
        var code = [UInt8](repeating: 0, count: 32)
        guard HMAC(EVP_sha256(), key, keyLength, bytes, bytes.count, &code, nil) != nil else { throw .latest("HMAC-SHA-256") }
        return code
    }
}
