import CCrypto

/// The parameters of the one signature scheme. Source: contract 2.4.
enum PSS {
    /// - Parameter hash: OpenSSL's `EVP_MD` of the data and of MGF1.
    static func set(_ context: OpaquePointer, hash: OpaquePointer?, saltLength: Int32) -> Bool {
        EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1
            && EVP_PKEY_CTX_set_signature_md(context, hash) == 1
            && EVP_PKEY_CTX_set_rsa_mgf1_md(context, hash) == 1
            && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, saltLength) == 1
    }
}
