import CCrypto

/// What secrets need: chance, and a comparison that tells nothing by its time.
package enum SecretBytes {
    /// Fresh bytes from OpenSSL's generator, good for keys and tokens.
    package static func random(_ count: Int) throws(CryptoError) -> [UInt8] {
        guard let length = Int32(exactly: count), length >= 0 else { throw CryptoError("\(count) random bytes cannot be had at once") }
        var bytes = [UInt8](repeating: 0, count: count)
        guard RAND_bytes(&bytes, length) == 1 else { throw .latest("random bytes") }
        return bytes
    }

    /// True for equal bytes; takes the same time wherever they differ. The lengths are no secret.
    package static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        one.count == other.count && CRYPTO_memcmp(one, other, one.count) == 0
    }
}
