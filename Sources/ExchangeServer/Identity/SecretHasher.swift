import LibCrypto

/// How secrets are kept: never themselves, never in a log.
struct SecretHasher: Sendable {
    /// Shortest token that counts as random; a shorter one can be guessed and is hashed like a password. Characters.
    static let tokenLengthMin = 20

    private static let saltBytes = 16

    private let serverSecret: [UInt8]
    private let scryptCost: UInt64

    /// - Parameters:
    ///   - serverSecret: Random bytes that lie beside the database; a stolen database alone does not let anybody try tokens.
    ///   - scryptCost: scrypt's N for new hashes.
    init(serverSecret: [UInt8], scryptCost: UInt64) {
        self.serverSecret = serverSecret
        self.scryptCost = scryptCost
    }

    /// The hash of a long random secret. Shape: `hmac$salt$hash` in hexadecimal digits.
    func tokenHash(of token: String) throws -> String {
        let salt = try SecretBytes.random(Self.saltBytes)
        return "hmac$\(hexText(salt))$\(hexText(try keyed(salt + Array(token.utf8))))"
    }

    /// The hash of a secret that people choose, slow on purpose. Shape: `scrypt$N$r$p$salt$hash`, the numbers decimal, the rest
    /// hexadecimal.
    func passwordHash(of password: String) throws -> String {
        let cost = ScryptCost(n: scryptCost, r: 8, p: 1)
        let salt = try SecretBytes.random(Self.saltBytes)
        return "scrypt$\(cost.n)$\(cost.r)$\(cost.p)$\(hexText(salt))$\(hexText(try cost.key(of: password, salt: salt)))"
    }

    /// Whether comparing with this hash is slow.
    static func isSlow(_ hash: String) -> Bool { hash.hasPrefix("scrypt$") }

    /// Whether the secret is the one that was hashed; a text that is no hash fits no secret.
    func fits(_ secret: String, hash: String) -> Bool {
        let parts = hash.split(separator: "$")
        guard parts.count >= 3, let salt = bytes(hex: parts[parts.count - 2]), let expected = bytes(hex: parts[parts.count - 1]) else {
            return false
        }
        let found: [UInt8]?
        switch parts[0] {
        case "hmac" where parts.count == 3: found = try? keyed(salt + Array(secret.utf8))
        case "scrypt": found = try? ScryptCost(parts.dropFirst().dropLast(2))?.key(of: secret, salt: salt)
        default: found = nil
        }
        return found.map { SecretBytes.areEqual($0, expected) } ?? false
    }

    /// What stands for texts that were verified together; says nothing about them without the server secret.
    func fingerprint(of texts: [String]) throws -> [UInt8] {
        try keyed(texts.flatMap { text in Array("\(text.utf8.count):".utf8) + Array(text.utf8) })
    }

    private func keyed(_ message: [UInt8]) throws(CryptoError) -> [UInt8] {
        try HMACSHA256.code(of: message, key: serverSecret)
    }
}

/// scrypt's parameters as they stand in a hash.
private struct ScryptCost {
    let n: UInt64
    let r: UInt64
    let p: UInt64

    init(n: UInt64, r: UInt64, p: UInt64) {
        (self.n, self.r, self.p) = (n, r, p)
    }

    /// Three numbers, or none as in hashes of before they were stored.
    init?(_ parts: ArraySlice<Substring>) {
        if parts.isEmpty {
            self.init(n: 16384, r: 8, p: 1)
            return
        }
        let numbers = parts.compactMap { UInt64($0) }
        guard parts.count == 3, numbers.count == 3 else { return nil }
        self.init(n: numbers[0], r: numbers[1], p: numbers[2])
    }

    func key(of password: String, salt: [UInt8]) throws(CryptoError) -> [UInt8] {
        try KeyDerivation.scrypt(password: Array(password.utf8), salt: salt, cost: n, blockSize: r, parallel: p)
    }
}
