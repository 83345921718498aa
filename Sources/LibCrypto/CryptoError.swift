import CCrypto

/// OpenSSL refused. It never holds a key or a password.
package struct CryptoError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was tried, and OpenSSL's reason.
    package let description: String

    /// An error that is not OpenSSL's.
    package init(_ description: String) {
        self.description = description
    }

    /// What was tried, with the latest reason in OpenSSL's queue for this thread, which is emptied.
    static func latest(_ tried: String) -> CryptoError {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        guard code != 0 else { return CryptoError("\(tried): refused without a reason") }
        let reason = ERR_reason_error_string(code).map { String(cString: $0) } ?? "code \(code)"
        return CryptoError("\(tried): \(reason)")
    }
}
