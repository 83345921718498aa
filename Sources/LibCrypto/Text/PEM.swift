import CCrypto

/// PEM texts: `-----BEGIN label-----`, base64, `-----END label-----`.
package enum PEM {
    /// One block of a text.
    package struct Block: Hashable, Sendable {
        /// What stands after `BEGIN`, such as `PUBLIC KEY`.
        package let label: String
        /// The DER bytes.
        package let bytes: [UInt8]
    }

    /// The blocks of a text, in order; other text between them is skipped, a broken block ends the list.
    package static func blocks(of text: [UInt8]) -> [Block] {
        guard let source = source(text) else { return [] }
        defer { BIO_free(source) }
        var blocks: [Block] = []
        while let block = next(source) { blocks.append(block) }
        ERR_clear_error()
        return blocks
    }

    /// A stream over a copy of the text, to be freed by the caller.
    static func source(_ text: [UInt8]) -> OpaquePointer? {
        guard let count = Int32(exactly: text.count), count > 0, let source = BIO_new(BIO_s_mem()) else { return nil }
        if BIO_write(source, text, count) == count { return source }
        BIO_free(source)
        return nil
    }

    private static func next(_ source: OpaquePointer) -> Block? {
        var label: UnsafeMutablePointer<CChar>?
        var header: UnsafeMutablePointer<CChar>?
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        guard PEM_read_bio(source, &label, &header, &bytes, &count) == 1 else { return nil }
        defer {
            uplift_crypto_free(label)
            uplift_crypto_free(header)
            uplift_crypto_free(bytes)
        }
        guard let label, let bytes else { return nil }
        return Block(label: String(cString: label), bytes: Array(UnsafeBufferPointer(start: bytes, count: count)))
    }

    /// What a call of OpenSSL writes, as text; nil when it fails.
    static func text(_ write: (OpaquePointer) -> Bool) -> String? {
        guard let target = BIO_new(BIO_s_mem()) else { return nil }
        defer { BIO_free(target) }
        guard write(target) else { return nil }
        var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(target))
        guard BIO_read(target, &bytes, Int32(clamping: bytes.count)) == bytes.count else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
