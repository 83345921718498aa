import LibCrypto

/// How secrets are kept: never themselves, never in a log.
struct SecretHasher: Sendable {
    private static let saltBytes = 16

    private let serverSecret: [UInt8]

    /// - Parameter serverSecret: Random bytes that lie beside the database; a stolen database alone does not let anybody try tokens.
    init(serverSecret: [UInt8]) { self.serverSecret = serverSecret }

    /// The hash of a long random secret. Shape: `hmac$salt$hash` in hexadecimal digits.
    func tokenHash(of token: String) throws -> String {
        let salt = try SecretBytes.random(Self.saltBytes)
        return "hmac$\(hexText(salt))$\(hexText(try keyed(salt + Array(token.utf8))))"
    }

    func tokenFits(_ token: String, hash: String) -> Bool {
        fits(hash, kind: "hmac") { salt in try keyed(salt + Array(token.utf8)) }
    }

    /// The hash of a person's password, slow on purpose. Shape: `scrypt$salt$hash` in hexadecimal digits.
    func passwordHash(of password: String) throws -> String {
        let salt = try SecretBytes.random(Self.saltBytes)
        return "scrypt$\(hexText(salt))$\(hexText(try KeyDerivation.scrypt(password: Array(password.utf8), salt: salt)))"
    }

    func passwordFits(_ password: String, hash: String) -> Bool {
        fits(hash, kind: "scrypt") { salt in try KeyDerivation.scrypt(password: Array(password.utf8), salt: salt) }
    }

    /// What stands for texts that were verified together; says nothing about them without the server secret.
    func fingerprint(of texts: [String]) throws -> [UInt8] {
        try keyed(texts.flatMap { text in Array("\(text.utf8.count):".utf8) + Array(text.utf8) })
    }

    private func keyed(_ message: [UInt8]) throws(CryptoError) -> [UInt8] {
        try HMACSHA256.code(of: message, key: serverSecret)
    }

    /// Anything that is not a hash of this kind fits no secret.
    private func fits(_ hash: String, kind: String, _ make: ([UInt8]) throws -> [UInt8]) -> Bool {
        let parts = hash.split(separator: "$")
        guard parts.count == 3, parts[0] == kind, let salt = bytes(hex: parts[1]), let expected = bytes(hex: parts[2]),
            let found = try? make(salt)
        else { return false }
        return SecretBytes.areEqual(found, expected)
    }
}
