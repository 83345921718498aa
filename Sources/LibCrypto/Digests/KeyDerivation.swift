import CCrypto

/// Keys out of passwords, made slow on purpose. The parameters must be stored beside the result.
package enum KeyDerivation {
    /// PBKDF2 with HMAC-SHA-256.
    package static func pbkdf2(
        password: [UInt8], salt: [UInt8], rounds: Int32, length: Int = 32
    ) throws(CryptoError) -> [UInt8] {
        let counts = [password.count, salt.count, length].compactMap { Int32(exactly: $0) }
        guard counts.count == 3, rounds > 0, length > 0 else { throw CryptoError("PBKDF2: impossible lengths or rounds") }
        var key = [UInt8](repeating: 0, count: length)
        let text = password.map { CChar(bitPattern: $0) }
        guard PKCS5_PBKDF2_HMAC(text, counts[0], salt, counts[1], rounds, EVP_sha256(), counts[2], &key) == 1 else {
            throw .latest("PBKDF2")
        }
        return key
    }

    /// scrypt.
    /// - Parameters:
    ///   - cost: N, a power of two. 16384 (with r = 8) takes 16 MiB and some 30 ms on a server.
    ///   - blockSize: r.
    ///   - parallel: p.
    /// - Throws: also when the parameters ask for more than 32 MiB.
    package static func scrypt(
        password: [UInt8], salt: [UInt8], cost: UInt64 = 16384, blockSize: UInt64 = 8, parallel: UInt64 = 1, length: Int = 32
    ) throws(CryptoError) -> [UInt8] {
        guard length > 0 else { throw CryptoError("scrypt: the length is \(length)") }
        var key = [UInt8](repeating: 0, count: length)
        let text = password.map { CChar(bitPattern: $0) }
        guard EVP_PBE_scrypt(text, text.count, salt, salt.count, cost, blockSize, parallel, 0, &key, length) == 1 else {
            throw .latest("scrypt")
        }
        return key
    }
}
